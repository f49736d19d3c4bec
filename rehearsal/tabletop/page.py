"""The after-action report as one HTML file that opens from disk. It has no script; whatever was typed is text in it."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from rehearsal.tabletop import clock
from rehearsal.tabletop.report import NOBODY, STATES, Report, decided, due, state
from reports import site
from reports.inert import inert
from verdicts.wording import span

_HERE = Path(__file__).parent / "templates"
_LOOKS = {"answered": ("passed", "✓"), "asked": ("degraded", "?"), "open": ("not_applicable", "\N{EN DASH}")}


def render(report: Report) -> str:
    """Return the report, in the looks of the page of a run."""
    style = (Path(str(site.__file__)).parent / "style.css").read_text(encoding="utf-8") + (_HERE / "report.css").read_text(encoding="utf-8")
    environment = Environment(loader=FileSystemLoader(_HERE), autoescape=True, finalize=inert, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(span=span, clock=clock.shown, state=state, due=due, decided=decided)
    unfinished = any(each.closed is None for each in report.changes) or any(each.closed is None for each in report.knowledge)
    return environment.get_template("report.html").render(
        report=report,
        session=report.session,
        states=STATES,
        looks=_LOOKS,
        nobody=NOBODY,
        look="degraded" if unfinished else "passed",
        symbol="!" if unfinished else "✓",
        style=Markup(style),  # noqa: S704 -- files of ours
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )
