"""Telling of an audit: a table for the terminal, ``audit.json``, and a page."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from rehearsal.audit.judge import Audit, Fate, Finding

HERE = Path(__file__).parent


def sentence(audit: Audit) -> str:
    """Say how it ended."""
    said = []
    if audit.missing:
        said.append(f"{counted(audit.missing, 'assertion')} missing")
    if audit.crashes:
        said.append(f"the suite falls over {counted(len(audit.crashes), 'answer')}, and would blame itself")
    if audit.stale:
        said.append(f"{counted(len(audit.stale), 'acceptance')} accept nothing any more: {', '.join(each.name for each in audit.stale)}")
    if audit.untold:
        said.append(f"{counted(len(audit.untold), 'scenario')} could not be audited")
    if unmet := sum(row.fates[Fate.UNMET] for row in audit.rows):
        said.append(f"{counted(unmet, 'replay')} never came to hear what was wrong")
    return "; ".join([*said, figures(audit)])


def figures(audit: Audit) -> str:
    """Say what became of everything that was tried: what was not noticed is not passed over in silence, and what went astray proves nothing."""
    tried = sum(row.tried for row in audit.rows)
    if not tried:
        return "nothing was tried"
    fates = {each: sum(row.fates[each] for row in audit.rows) for each in Fate}
    said = [f"of {counted(tried, 'wrong answer')} {fates[Fate.NOTICED]} noticed"]
    if fates[Fate.ASTRAY]:
        said.append(f"{fates[Fate.ASTRAY]} went astray, which proves nothing")
    if fates[Fate.UNNOTICED]:
        rest = "" if audit.missing else ", and are another scenario's to assert or accepted with a reason"
        said.append(f"{fates[Fate.UNNOTICED]} passed{rest if audit.whole else ''}")
    return ", ".join(said)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}{'s' * (number != 1)}"


def show(audit: Audit, console: Console) -> None:
    """Print the table, and a line for each finding."""
    table = Table(box=None, pad_edge=False)
    for name in ("scenario", "tried", "noticed", "astray", "accepted", "elsewhere", "missing"):
        table.add_column(name, justify="left" if name == "scenario" else "right")
    for row in audit.rows:
        if row.untold:
            table.add_row(row.scenario, "not replayed" if row.excused else "cannot tell", style=None if row.excused else "magenta")
            continue
        figures = (row.tried, row.fates[Fate.NOTICED], row.fates[Fate.ASTRAY], len(row.accepted), len(row.elsewhere), len(row.missing))
        table.add_row(row.scenario, *map(str, figures), style="red" if row.missing else None)
    console.print(table)
    for row in audit.untold:
        console.print(f"[magenta]{row.scenario}: cannot tell[/]: {escape(row.untold)}", soft_wrap=True)
    for finding in audit.findings:
        first, *more = finding.scenarios
        console.print(f"[bold]{first}[/]{f' and {len(more)} more' if more else ''}: missing assertion: {escape(finding.line)}", soft_wrap=True)
    if not audit.whole:
        for finding in (finding for row in audit.rows for finding, _ in row.elsewhere):
            console.print(f"{finding.scenarios[0]}: not asserted here: {escape(finding.line)}", soft_wrap=True, style="dim")
    for finding in audit.crashes:
        console.print(f"[magenta]crash[/]: {escape(finding.line)} (in {', '.join(finding.scenarios[:3])})", soft_wrap=True)
    for each in audit.stale:
        console.print(f"[magenta]stale acceptance[/]: {each.name} accepts nothing any more: take it out", soft_wrap=True)


def write(audit: Audit, folder: Path, *, target: str, seconds: float) -> Path:
    """Write ``audit/audit.json`` and ``audit/index.html`` below a run's folder, and return the page."""
    place = folder / "audit"
    place.mkdir(parents=True, exist_ok=True)
    said = as_data(audit) | {"target": target, "seconds": round(seconds, 1)}
    (place / "audit.json").write_text(json.dumps(said, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    page = Environment(loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    text = page.get_template("page.html").render(audit=audit, target=target, seconds=seconds, sentence=sentence(audit), Fate=Fate)
    (place / "index.html").write_text(text, encoding="utf-8")
    return place / "index.html"


def as_data(audit: Audit) -> dict[str, Any]:
    """Return all of it as JSON."""
    return {
        "exit": audit.exit,
        "sentence": sentence(audit),
        "whole": audit.whole,
        "scenarios": [
            {
                "scenario": row.scenario,
                "owner": row.owner,
                "severity": row.severity,
                "journey": row.journey,
                "untold": row.untold,
                "excused": row.excused,
                "tried": row.tried,
                "fates": {each.value: row.fates[each] for each in Fate},
                "operators": {name: {each.value: count for each, count in counts.items()} for name, counts in row.by_operator.items()},
                "missing": [told(finding) for finding in row.missing],
                "accepted": [told(finding) | {"reason": reason} for finding, reason in row.accepted],
                "asserted_elsewhere": [told(finding) | {"by": by} for finding, by in row.elsewhere],
                "unread": row.unread,
            }
            for row in audit.rows
        ],
        "findings": [told(finding) for finding in audit.findings],
        "crashes": [told(finding) for finding in audit.crashes],
        "accepted_crashes": [told(finding) | {"reason": reason} for finding, reason in audit.accepted_crashes],
        "stale_acceptances": [asdict(each) for each in audit.stale],
    }


def told(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON."""
    return asdict(finding) | {"fate": finding.fate.value, "line": finding.line}
