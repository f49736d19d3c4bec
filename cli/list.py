"""``synthetics list``: what is promised, by journey, with owner, surfaces and products."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console

from cli.run import complaint
from cli.supervisor import ONLY_ASKED, loading
from fixtures import target as targets
from launch.reading import BadInput
from launch.vocabulary import JOURNEYS
from rehearsal.stage import Start, cold

HELP = "print the scenarios by journey, with owner, surfaces and products"

COLLECTED = (0, 5)
"""pytest's exit codes where all files could be read: with scenarios, and without."""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")


def run(options: argparse.Namespace) -> int:
    """Collect for each product, and print."""
    found: dict[str, dict[str, Any]] = {}
    for product, name in products().items():
        for each in collect(name):
            entry = found.setdefault(each["scenario"], {**each, "surfaces": [], "products": {}})
            if each["surface"] not in entry["surfaces"]:
                entry["surfaces"].append(each["surface"])
            if not each["lacking"]:
                entry["products"].setdefault(product, []).append(each["surface"])
    if options.json:
        kept = ("scenario", "title", "journey", "owner", "severity", "failure", "risk", "runbook", "surfaces", "products")
        print(json.dumps([{key: each[key] for key in kept} for each in found.values()], indent=2))
        return 0
    console = Console(highlight=False)
    for journey, title in JOURNEYS.items():
        rows = sorted((each for each in found.values() if each["journey"] == journey), key=lambda each: str(each["scenario"]))
        if rows:
            console.print(f"\n[bold]{title}[/] ({len(rows)})")
        for each in rows:
            show(each, console)
    console.print(f"\n{len(found)} scenarios")
    return 0


def show(each: dict[str, Any], console: Console) -> None:
    """Print one scenario: its id, owner, severity and failure class, where it runs, and its promise."""
    where = "; ".join(f"{product} ({', '.join(on)})" for product, on in each["products"].items())
    facts = f"{each['owner']}, {each['severity']}, {each['failure']}; on {' and '.join(each['surfaces'])}; {where or 'offered by no product'}"
    console.print(f"  [bold cyan]{each['scenario']}[/]  [dim]{facts}[/]", soft_wrap=True)
    console.print(f"      {each['title']}", soft_wrap=True, markup=False)


def products() -> dict[str, str]:
    """Return one target for each product that a target names."""
    return {targets.load(name).product: name for name in reversed(targets.names())}


def collect(target: str, start: Start = cold) -> list[dict[str, Any]]:
    """Collect the scenarios as a target's product has them; `start` starts the process that does.

    Raises:
        BadInput: a scenario does not fit the launch package, or its file cannot be read.
    """
    with tempfile.TemporaryDirectory() as folder:
        file, log = Path(folder) / "scenarios.json", Path(folder) / "pytest.log"
        what = ["synthetics", "--collect-only", "-q", "--target", target, "--scenarios-to", str(file)]
        with log.open("wb") as out:
            code = start(["-m", "pytest", *loading([]), *what], {**os.environ, **ONLY_ASKED, "COLUMNS": "200"}, out).wait()
        if code not in COLLECTED or not file.exists():
            raise BadInput(complaint(log))
        return list(json.loads(file.read_text(encoding="utf-8")))
