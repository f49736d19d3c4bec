"""`synthetics run` that dies at a point of its own: `python -m tests.chaos.planted POINT NTH run --target tiny`, in a copy of the house."""

from __future__ import annotations

import sys
from typing import Any

import cli.run
from cli import chain
from cli.main import main
from fixtures import janitor, runs
from reports import junit, site
from tests.chaos import points
from verdicts.history import runs as history

STEPS: dict[str, tuple[Any, str]] = {
    "make the run's folder": (runs, "create"),
    "begin": (cli.run.Aftermath, "begin"),
    "write down that the run began": (history, "begin_run"),
    "ask the target who it is": (cli.run, "introduce"),
    "remove what the run left": (janitor, "remove_left"),
    "remove what earlier runs left": (chain.Chain, "sweep"),
    "take the run in": (chain.Chain, "take_in"),
    "judge": (chain.Chain, "judge"),
    "tell": (chain.Chain, "tell"),
    "write junit.xml": (junit, "write"),
    "build the page": (site, "build"),
}
POINTS = points.around(STEPS)

if __name__ == "__main__":
    janitor.AGE = 0.0  # what a killed run left is old enough at once; that age counts is tested where the ledger is
    _, point, nth, *words = sys.argv
    if point:
        points.plant(point, int(nth), STEPS)
    sys.exit(main(words))
