"""What a rehearsal leaves behind: ``rehearsal.json`` for programs, ``index.html`` for people; both from the verdicts alone."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from rehearsal import figures
from rehearsal.assess import Mark, Verdict
from rehearsal.report.matrix import LOOKS, Matrix
from reports.inert import inert
from reports.wording import lasting

_HERE = Path(__file__).parent
ORDER = (Mark.MISSED, Mark.FALSE_ALARM, Mark.CANNOT_TELL, Mark.PROVEN)
"""Misses first."""
LOOK = {Mark.PROVEN: ("passed", "✓"), Mark.MISSED: ("failed", "✕"), Mark.FALSE_ALARM: ("failed", "!"), Mark.CANNOT_TELL: ("error", "?")}
UNSEEN = ("unseen", "·")
"""How a lower intensity looks that was not detected: it is no miss."""
SEVERITIES = ("critical", "error", "warning", "info")


@dataclass(frozen=True)
class About:
    """What a rehearsal was: its id, the target and how often that is looked at (seconds), every scenario there is, how long it took (seconds)."""

    rehearsal: str
    target: str
    cadence: float
    scenarios: tuple[str, ...]
    seconds: float
    command: str = ""

    @classmethod
    def read(cls, folder: Path) -> About:
        """Read what an earlier rehearsal wrote about itself."""
        told = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        return cls(**{**told, "scenarios": tuple(told["scenarios"])})


def write(folder: Path, about: About, verdicts: Sequence[Verdict]) -> Path:
    """Write the files of a rehearsal into its folder; returns the page."""
    (folder / "about.json").write_text(json.dumps(asdict(about), indent=1) + "\n", encoding="utf-8")
    (folder / "rehearsal.json").write_text(json.dumps(told(about, verdicts), indent=1) + "\n", encoding="utf-8")
    page = folder / "index.html"
    page.write_text(render(about, verdicts), encoding="utf-8")
    return page


def told(about: About, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Return everything as plain values."""
    return {
        **asdict(about),
        "exit": figures.exit_code(verdicts),
        "detection": {name or "all": {**asdict(rate), "share": rate.share} for name, rate in figures.detection(verdicts).items()},
        "to_detect": _plain(figures.times(each.clock.to_detect for each in figures.full(verdicts))),
        "to_recover": _plain(figures.times(each.clock.to_recover for each in figures.full(verdicts))),
        "confusion": {what: [[*pair, number] for pair, number in figures.confusion(verdicts, what).items()] for what in ("scenario", "owner", "severity")},
        "health": dict(zip(("green", "asked"), figures.green(verdicts), strict=True)),
        "controls": {"silent": sum(each.mark is Mark.PROVEN for each in verdicts if each.control), "tried": sum(each.control for each in verdicts)},
        "gaps": {gap.value: number for gap, number in figures.gaps(verdicts).items()},
        "silent": figures.silent(verdicts, about.scenarios),
        "least_dose": doses(verdicts),
        "verdicts": [each.to_json() for each in verdicts],
    }


def render(about: About, verdicts: Sequence[Verdict]) -> str:
    """Return the page."""
    style = (_HERE / "style.css").read_text(encoding="utf-8")
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"), autoescape=True, finalize=inert, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(
        lasting=lasting, clock=lambda at: f"{datetime.fromtimestamp(at, UTC):%H:%M:%S}" if at else "", percent=lambda share: f"{share:.0%}"
    )
    shown = sorted(verdicts, key=lambda each: (each.lower, ORDER.index(each.mark)))
    counted = figures.counted(shown)
    faults, controls = [each for each in verdicts if not each.control], [each for each in verdicts if each.control]
    full = figures.full(verdicts)
    return environment.get_template("rehearsal.html").render(
        about=about,
        verdicts=shown,
        faults=faults,
        controls=controls,
        rates=figures.detection(verdicts),
        order=SEVERITIES,
        to_detect=figures.times(each.clock.to_detect for each in full),
        to_recover=figures.times(each.clock.to_recover for each in full),
        runs=figures.times(float(each.runs) if each.runs else None for each in full),
        alerts=figures.times(float(len(each.told)) for each in full),
        resolved=(sum(told.resolved is not None for each in verdicts for told in each.told), sum(len(each.told) for each in verdicts)),
        confusion={what: table(figures.confusion(verdicts, what)) for what in ("owner", "severity")},
        strays=[(wanted, got, number) for (wanted, got), number in figures.confusion(verdicts, "scenario").items() if wanted != got],
        silent=figures.silent(verdicts, about.scenarios),
        doses=doses(verdicts),
        gaps=figures.gaps(verdicts),
        green=figures.green(verdicts),
        counted=counted,
        wrong=[each for each in counted if each.mark is not Mark.PROVEN],
        matrix=Matrix.of(verdicts),
        look=look,
        looks=LOOKS,
        code=figures.exit_code(verdicts),
        residue=[each for each in verdicts if each.residue],
        style=Markup(style),  # noqa: S704 -- the file beside this one
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )


def doses(verdicts: Sequence[Verdict]) -> list[dict[str, Any]]:
    """Return, for each fault that was tried at several intensities, which of them were detected, and the least from which on all were.

    None stands for one at which it cannot be told; `why` says what became of each.
    """
    tried: dict[str, list[Verdict]] = {}
    for each in sorted(verdicts, key=lambda each: -each.dose):
        if not each.control:
            tried.setdefault(each.fault, []).append(each)
    return [
        {
            "fault": fault,
            "title": these[0].title,
            "tried": {each.dose: None if each.mark is Mark.CANNOT_TELL else figures.detected(each) for each in these},
            "why": {each.dose: each.why for each in these},
            "least": figures.least_dose(these, fault),
        }
        for fault, these in tried.items()
        if len(these) > 1
    ]


def look(verdict: Verdict) -> tuple[str, str]:
    """Return the class and the sign by which a drill is marked."""
    return UNSEEN if figures.unseen(verdict) else LOOK[verdict.mark]


def table(counted: dict[tuple[str, str], int]) -> dict[str, Any]:
    """Return a confusion matrix as rows (expected) and columns (told)."""
    rows = sorted({wanted for wanted, _ in counted})
    columns = sorted({got for _, got in counted} | set(rows) - {"nobody"}) + (["nobody"] if any(got == "nobody" for _, got in counted) else [])
    columns = list(dict.fromkeys(each for each in columns if each != "nobody")) + (["nobody"] if "nobody" in columns else [])
    return {"columns": columns, "rows": {row: [counted.get((row, column), 0) for column in columns] for row in rows}}


def _plain(found: figures.Times | None) -> dict[str, Any] | None:
    return asdict(found) if found else None
