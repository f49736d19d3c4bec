"""The matrix of faults and scenarios as a picture: who saw what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rehearsal.assess import Verdict

LOOKS = {
    "expected": "told, as expected",
    "beside": "told beside it, as permitted",
    "false": "told, and should not have been",
    "missing": "was to be told, and was not",
    "unseen": "not told at this lower intensity",
    "red": "went red, and nobody was told",
    "blocked": "blocked: it could not get so far",
    "error": "the monitor could not tell",
    "quiet": "stayed green",
    "untried": "not tried in this drill",
}


@dataclass(frozen=True)
class Cell:
    """One square: how it looks, and what it says when one points at it."""

    look: str
    said: str


@dataclass(frozen=True)
class Matrix:
    """`rows` are drills, `columns` scenarios by journey; `cells` has a row of squares for each drill."""

    rows: tuple[Verdict, ...]
    columns: tuple[str, ...]
    journeys: tuple[tuple[str, int], ...]
    cells: tuple[tuple[Cell, ...], ...]

    @classmethod
    def of(cls, verdicts: Sequence[Verdict]) -> Matrix:
        """Draw the verdicts, in their own order."""
        seen = {scenario for each in verdicts for scenario in each.cells}
        seen |= {told.scenario for each in verdicts for told in each.told} | {each.expects["scenario"] for each in verdicts if each.expects}
        columns = tuple(sorted(seen, key=lambda name: (name.partition(".")[0] in {"monitor", "target"}, name)))
        journeys: dict[str, int] = {}
        for name in columns:
            journeys[name.partition(".")[0]] = journeys.get(name.partition(".")[0], 0) + 1
        return cls(tuple(verdicts), columns, tuple(journeys.items()), tuple(tuple(_cell(each, name) for name in columns) for each in verdicts))


def _cell(verdict: Verdict, scenario: str) -> Cell:
    told = {each.scenario for each in verdict.told}
    beside, false = {each.scenario for each in verdict.beside}, {each.scenario for each in verdict.false}
    expected = bool(verdict.expects) and (verdict.expects or {})["scenario"] == scenario
    status = verdict.cells.get(scenario)
    if expected:
        look = "expected" if scenario in told else "unseen" if verdict.lower else "missing"
    elif scenario in false:
        look = "false"
    elif scenario in beside:
        look = "beside"
    elif status is None:
        look = "untried"
    else:
        look = {"failed": "red", "degraded": "red", "blocked": "blocked", "error": "error", "incomplete": "error"}.get(status, "quiet")
    return Cell(look, f"{verdict.drill}, {scenario}: {LOOKS[look]}{f' ({status})' if status else ''}")
