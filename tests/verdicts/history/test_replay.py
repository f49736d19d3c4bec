"""Taking in is a merge without an order: any cuts of a run's journal, however often and in whichever order, lead to the same store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from tests.verdicts.history.made import NOON, begin, everything, outcome
from verdicts.history import inert, runs
from verdicts.history.schema import LEDGER, OUTCOMES, RUNS
from verdicts.history.store import History
from verdicts.outcome import Outcome, Status

TABLES = (RUNS, OUTCOMES, LEDGER)
WORDS = st.text(alphabet=st.one_of(st.characters(exclude_categories=("Cs",)), st.sampled_from('\0\n\r\u2028"\\')), max_size=12)

outcomes = st.lists(
    st.builds(
        outcome,
        st.sampled_from(Status),
        scenario=st.sampled_from(["signup.a", "signup.b", "quota.c"]),
        surface=st.sampled_from(["api", "browser"]),
        attempt=st.integers(1, 2),
        run=st.just("r1"),
        error=st.none() | WORDS,
        states=st.lists(WORDS, max_size=2).map(tuple),
        evidence=st.dictionaries(WORDS, WORDS, max_size=2),
        seconds=st.floats(0, 1e6),
    ),
    max_size=8,
)
"""What a run may have written, two lines about one attempt included."""

things = st.lists(st.tuples(st.sampled_from(["k1", "k2", "k3"]), st.sampled_from(["intended", "made", "gone"]), st.none() | st.just("p")), max_size=8)
"""What a ledger may tell, in any order of states."""

cut = st.floats(0, 1)
"""How much of a file is there."""

parts = st.lists(st.tuples(cut, cut, st.integers(0, 3)), min_size=1, max_size=4)
"""Takings: how much of the outcomes and of the ledger is there, and which version of the record."""


class Journal:
    """A run as its folder may be found at some moment: each file cut off at any byte, and one of the four records that it wrote one after the other."""

    def __init__(self, at: Path, told: list[Outcome], ledger: list[tuple[str, str, str | None]]) -> None:
        self.folder = at
        at.mkdir(exist_ok=True)
        lines = [
            {"key": key, "kind": "project", "name": f"syn-{key}", "id": number, "state": state, "nodeid": "n", "at": NOON + place}
            for place, (key, state, number) in enumerate(ledger)
        ]
        self.outcomes = "".join(f"{each.to_json()}\n" for each in told).encode()
        self.ledger = "".join(f"{json.dumps(line)}\n" for line in lines).encode()
        pairs = [{"scenario": each.scenario, "surface": each.surface} for each in told]
        running: dict[str, Any] = {"run": "r1", "target": "t", "started": inert.iso(NOON), "location": "here", "cadence": 300, "whole": True, "ended": None}
        introduced = {**running, "version": "1.0", "product": "cloudsuite", "exit_reason": "still running"}
        judged = {**introduced, "expected": pairs, "ended": inert.iso(NOON + 50), "exit": 1, "exit_reason": "1 promise broken"}
        self.records = [running, introduced, judged, {**judged, "ended": inert.iso(NOON + 60), "left_behind": ["x"], "state": "ended"}]

    def found(self, outcomes: float = 1, ledger: float = 1, record: int = 3) -> Path:
        """Lay the folder out as it was at some moment."""
        (self.folder / "outcomes.jsonl").write_bytes(self.outcomes[: round(len(self.outcomes) * outcomes)])
        (self.folder / "ledger.jsonl").write_bytes(self.ledger[: round(len(self.ledger) * ledger)])
        (self.folder / "run.json").write_text(json.dumps(self.records[record]))
        return self.folder


def empty(history: History) -> None:
    """Forget what an earlier example wrote."""
    with history.begin() as tx:
        for table in (LEDGER, RUNS):
            tx.execute(delete(table))


def take(history: History, *folders: Path) -> dict[str, list[dict[str, Any]]]:
    """Take in folders, each in a transaction of its own, and return what the store holds."""
    for each in folders:
        with history.begin() as tx:
            runs.import_folder(tx, each)
    with history.reading() as tx:
        return everything(tx, *TABLES)


checked = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@checked
@given(told=outcomes, ledger=things, takings=parts)
def test_any_parts_and_then_the_whole_are_the_whole(history: History, tmp_path: Path, told: list[Outcome], ledger: list[Any], takings: list[Any]) -> None:
    """Whatever was taken in before, the whole folder leads to what it would have led to alone."""
    journal = Journal(tmp_path / "r1", told, ledger)
    empty(history)
    whole = take(history, journal.found())
    empty(history)
    for taking in takings:
        take(history, journal.found(*taking))

    assert take(history, journal.found()) == whole


@checked
@given(told=outcomes, ledger=things, takings=parts)
def test_the_whole_is_not_undone_by_a_part(history: History, tmp_path: Path, told: list[Outcome], ledger: list[Any], takings: list[Any]) -> None:
    """After the whole folder, no earlier state of it changes anything, and taking it in says so."""
    journal = Journal(tmp_path / "r1", told, ledger)
    empty(history)
    whole = take(history, journal.found())
    for taking in [*takings, (1, 1, 3)]:
        with history.begin() as tx:
            assert not runs.import_folder(tx, journal.found(*taking))

    assert take(history) == whole


@checked
@given(told=outcomes, ledger=things, takings=parts, data=st.data())
def test_the_order_of_parts_does_not_matter(
    history: History, tmp_path: Path, told: list[Outcome], ledger: list[Any], takings: list[Any], data: st.DataObject
) -> None:
    """The same parts in any other order, some of them twice, lead to the same store."""
    journal = Journal(tmp_path / "r1", told, ledger)
    other = data.draw(st.permutations([*takings, *data.draw(st.lists(st.sampled_from(takings), max_size=2))]))
    empty(history)
    for taking in takings:
        first = take(history, journal.found(*taking))
    empty(history)
    for taking in other:
        second = take(history, journal.found(*taking))

    assert second == first


@checked
@given(told=outcomes, ledger=things, takings=parts, given_up=st.booleans())
def test_a_run_that_was_begun_ends_as_its_folder_says(
    history: History, tmp_path: Path, told: list[Outcome], ledger: list[Any], takings: list[Any], given_up: bool
) -> None:
    """Its beginning is told first, it may be given up on the way, and its folder has the last word all the same."""
    journal = Journal(tmp_path / "r1", told, ledger)
    empty(history)
    with history.begin() as tx:
        begin(tx)
    whole = take(history, journal.found())
    empty(history)
    with history.begin() as tx:
        begin(tx)
    for taking in takings:
        take(history, journal.found(*taking))
        with history.begin() as tx:
            begin(tx)
            runs.give_up_dead(tx, NOON + 9999 if given_up else NOON, "h", lambda _: True)

    assert take(history, journal.found()) == whole
