"""`make chaos N=1000`: kill so many processes, and print what the auditors found. One in ten is a whole run, with its runner; the others follow a sweep."""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.chaos import harness, sweeps

WHOLE = 10


def main() -> int:
    """Play, print; 1 where anything was lost or told twice."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--runs", type=int, help=f"how many of them are whole runs (default: one in {WHOLE})")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    whole = options.kills // WHOLE if options.runs is None else options.runs
    faults = 0
    for title, play, kills in (("from a run to its alert", harness.play, options.kills - whole), ("whole runs", sweeps.play, whole)):
        if kills:
            with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
                faults += told(title, play(Path(folder), kills, options.seed))
    return 1 if faults else 0


def told(title: str, figures: harness.Figures | sweeps.Figures) -> int:
    """Print what came of it, and return how much went wrong."""
    print(f"{title}:")
    for point, count in sorted(figures.kills.items()):
        print(f"{count:6} killed {point}")
    for name, value in asdict(figures).items():
        if name != "kills":
            print(f"{value:6} {name.replace('_', ' ')}")
    print(f"{figures.kills.total()} kills, {figures.faults} faults", flush=True)
    return figures.faults


if __name__ == "__main__":
    sys.exit(main())
