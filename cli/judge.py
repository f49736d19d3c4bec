"""``synthetics judge``: take runs into the history, and decide which alerts open and close. Nobody is told yet: `synthetics alert` does that."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console

from cli import beside, chain
from launch.reading import BadInput
from verdicts.history.store import StoreTrouble

HELP = "take runs into the history and decide which alerts open and close; nobody is told yet"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("folders", nargs="*", metavar="FOLDER", type=Path, help="folders of runs to take in first, such as artifacts/latest")
    parser.add_argument("--target", help="judge this target (default: every target on a schedule, and those of the folders)")


def run(options: argparse.Namespace) -> int:
    """Import, judge, and return the exit code."""
    console = Console(highlight=False)
    for folder in options.folders:
        if not (folder / "run.json").is_file():
            raise BadInput(f"{folder}: saw no run.json; allowed is the folder of a run, such as artifacts/latest")
    try:
        steps = chain.opened(console)
        for folder in options.folders:
            if trouble := steps.mislabelled(folder.resolve()):
                raise BadInput(trouble)
            steps.take_in(folder.resolve())
        for run_id in steps.give_up_dead():
            console.print(f"given up: run {run_id}", markup=False)
        busy = 0
        for target in chain.chosen(options.target):
            judged = steps.judge(target)
            busy += judged.changes is None
            said = "another judge is at work" if judged.changes is None else f"{len(judged.open)} open alerts"
            console.print(f"judged {target.name}: {said}", markup=False)
    except StoreTrouble as trouble:
        beside.store_failed(trouble, options.target or "every target", drill=chain.drilling())
        chain.told([f"synthetics judge: {trouble}"])
        return 3
    return 0
