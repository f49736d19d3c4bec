"""`make chaos N=1000`: kill so many processes, and print what the auditor found."""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.chaos.harness import play


def main() -> int:
    """Play, print; 1 where anything was lost or told twice."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        figures = play(Path(folder), options.kills, options.seed)
    for point, count in sorted(figures.kills.items()):
        print(f"{count:6} killed {point}")
    for name, value in asdict(figures).items():
        if name != "kills":
            print(f"{value:6} {name.replace('_', ' ')}")
    print(f"{figures.kills.total()} kills, {figures.faults} faults")
    return 1 if figures.faults else 0


if __name__ == "__main__":
    sys.exit(main())
