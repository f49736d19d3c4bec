"""``synthetics policy``: what to expect of the alerts, scenario by scenario, before anything breaks."""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.list import collect
from fixtures import target as targets
from fixtures.target import Target
from launch import package
from launch.vocabulary import FAILURE_CLASSES, JOURNEYS
from verdicts import wording
from verdicts.expectation import Measured, Pace, Promise, expect, expect_journey, measure
from verdicts.history import address, runs
from verdicts.history.store import History, StoreTrouble
from verdicts.view import DEFAULT, PAGING, Expectation

HELP = "print how long each broken promise would stay untold, how often its alert would be false, and why"

MEASURED = 86400.0
"""Seconds of history that are measured."""

LEAST = 0.001
"""A smaller number of false alerts is as good as none."""

WIDTH = 120
"""So many columns a table takes at the least, whatever the terminal; a log may be as wide."""


@dataclass(frozen=True)
class Line:
    """One scenario, or one journey's budget. `within` is how many seconds its risk bears; None where no risk says."""

    expected: Expectation
    journey: str
    failure: str
    severity: str
    surfaces: tuple[str, ...]
    risk: str
    within: float | None

    @property
    def over(self) -> list[str]:
        """What it is over: its time to detect, or the number of false alerts that is borne."""
        late = self.within is not None and self.expected.detect > self.within
        return ["detect_within"] * late + ["false_pages"] * (self.expected.false_pages > DEFAULT.false_pages)


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--target", default="embedded", help="a table of targets.toml (default: embedded)")
    parser.add_argument("--no-confirm", action="store_true", help="as if what did not pass were not tried a second time")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")


def run(options: argparse.Namespace) -> int:
    """Collect, compute, and print."""
    target = targets.load(options.target)
    pace = Pace(target.cadence, len(target.locations), target.agree, confirms=not options.no_confirm, measured=measured(target.name))
    lines = expected(collect(target.name), pace)
    if options.json:
        print(json.dumps({"target": target.name, "cadence": target.cadence, **basis(pace), "scenarios": [as_json(line) for line in lines]}, indent=2))
        return 0
    console = Console(highlight=False)
    show(lines, target, pace, Console(highlight=False, width=max(console.width, WIDTH)))
    return 0


def measured(target: str) -> Measured:
    """Return what the last day of the history tells. One that is not there, or cannot be read, tells nothing; no history is made here."""
    place = address.parse().place
    if isinstance(place, Path) and not place.exists():
        return Measured()
    try:
        history = History.open()
        try:
            with history.reading() as tx:
                return measure(runs.recent(tx, target, since=time.time() - MEASURED, least=DEFAULT.runs_needed), DEFAULT)
        finally:
            history.close()
    except StoreTrouble as trouble:
        print(f"synthetics policy: nothing is measured: {trouble}", file=sys.stderr)
        return Measured()


def basis(pace: Pace) -> dict[str, Any]:
    """Return what the figures rest on, and whether it was measured."""
    return {
        "run": {"seconds": pace.run(DEFAULT), "measured": pace.measured.run is not None},
        "blips": {"share": pace.blips(DEFAULT), "measured": pace.measured.blips is not None},
        "blips_repeat": {"share": DEFAULT.assumed_blips_repeat, "measured": False},
    }


def expected(collected: list[dict[str, Any]], pace: Pace) -> list[Line]:
    """Return a line for each scenario that the target's product offers, and one for each journey of them."""
    launch = package.load()
    offered: dict[str, dict[str, Any]] = {}
    for each in collected:
        if not each["lacking"]:
            offered.setdefault(each["scenario"], {**each, "surfaces": []})["surfaces"].append(each["surface"])
    lines = []
    for journey in JOURNEYS:
        here = [each for _, each in sorted(offered.items()) if each["journey"] == journey]
        promises = [Promise(each["scenario"], each["failure"], len(each["surfaces"]), each["deadline"]) for each in here]
        for each, promise in zip(here, promises, strict=True):
            within = launch.risks[each["risk"]].detect_within
            lines.append(
                Line(expect(promise, pace, DEFAULT), journey, each["failure"], each["severity"], tuple(sorted(each["surfaces"])), each["risk"], within)
            )
        if promises:
            surfaces = tuple(sorted({surface for each in here for surface in each["surfaces"]}))
            lines.append(Line(expect_journey(journey, promises, pace, DEFAULT), journey, "latency", "error", surfaces, "", None))
    return lines


def show(lines: list[Line], target: Target, pace: Pace, console: Console) -> None:
    """Print a table for each journey, the policies in words, and the sum."""
    for journey, title in JOURNEYS.items():
        here = [line for line in lines if line.journey == journey]
        if here:
            console.print(table(title, here))
    console.print("[bold]Policy[/]")
    for failure in FAILURE_CLASSES:
        found = [line for line in lines if line.failure == failure and line.risk]
        if found:
            console.print(f"  [bold]{failure}[/] ({len(found)}): {escape(found[0].expected.why)}", soft_wrap=True)
    journeys = [line for line in lines if not line.risk]
    if journeys:
        console.print(f"  [bold]a journey's budget[/] ({len(journeys)}): {escape(journeys[0].expected.why)}", soft_wrap=True)
    paging = [line.expected.false_pages for line in lines if line.severity in PAGING]
    where = f"from {wording.listed(target.locations)}" if pace.locations > 1 else "from one location"
    known = {True: "measured", False: "assumed"}
    console.print(
        f"\n{target.name}: every {wording.span(pace.cadence)} {where}; a run takes {wording.span(pace.run(DEFAULT))} ({known[pace.measured.run is not None]}), "
        f"{100 * pace.blips(DEFAULT):.2g} % of attempts fail once by chance ({known[pace.measured.blips is not None]}), "
        f"{100 * DEFAULT.assumed_blips_repeat:.2g} % of those twice (assumed).",
        soft_wrap=True,
    )
    over = sum(bool(line.over) for line in lines)
    console.print(
        f"All of it: {sum(paging):.2g} false pages in 30 days; {over or 'none'} over a budget.", style="bold red" if over else "green", soft_wrap=True
    )


def table(title: str, lines: list[Line]) -> Table:
    """Return the figures of one journey."""
    shown = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for name in ("scenario", "class", "severity"):
        shown.add_column(name, no_wrap=True, min_width=36 if name == "scenario" else 12)
    for name in ("told after", "at worst", "budget", "false in 30 days"):
        shown.add_column(name, no_wrap=True, justify="right")
    for line in lines:
        shown.add_row(
            f"[cyan]{escape(line.expected.scenario)}[/]",
            line.failure,
            line.severity,
            *(f"[bold red]{cell}[/]" if name in line.over else cell for name, cell in figures(line)),
        )
    return shown


def figures(line: Line) -> list[tuple[str, str]]:
    """Return what is shown of the numbers, each with the name of its budget."""
    return [
        ("detect_within", seconds(line.expected.detect)),
        ("", seconds(line.expected.detect_worst)),
        ("", seconds(line.within) if line.within is not None else ""),
        ("false_pages", f"{line.expected.false_pages:.2g}" if line.expected.false_pages >= LEAST else f"< {LEAST}"),
    ]


def seconds(value: float) -> str:
    """Show a duration in seconds."""
    return f"{value:.0f} s" if math.isfinite(value) else "never"


def as_json(line: Line) -> dict[str, Any]:
    """Return a line as JSON has it; null is a time that never comes."""
    return {
        "scenario": line.expected.scenario,
        "journey": line.journey,
        "failure": line.failure,
        "severity": line.severity,
        "surfaces": list(line.surfaces),
        "risk": line.risk or None,
        "detect": line.expected.detect if math.isfinite(line.expected.detect) else None,
        "detect_worst": line.expected.detect_worst if math.isfinite(line.expected.detect_worst) else None,
        "detect_within": line.within,
        "false_pages": line.expected.false_pages,
        "over": line.over,
        "policy": line.expected.why,
    }
