"""`python -m tests.mutants.matrix [REGEX]`: every scenario against every mutant (whose name matches), and who goes red.

For each mutant it prints the scenarios that fail for the stated reason, those that fail beside them, and how many are blocked; a difference to what
the mutant declares is marked with `!`. Takes a quarter of a minute for each, two at a time.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.mutants import mutant, stage
from verdicts.outcome import Outcome, Status


@dataclass(frozen=True)
class Row:
    """What the whole sweep made of a mutant: an error for each scenario that failed, and how many did not get so far (`blocked`) or cannot tell (`error`)."""

    name: str
    red: dict[str, str]
    blocked: int
    error: dict[str, str]
    slow: int


def sweep(name: str) -> Row:
    """Run every scenario against a mutant."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        outcomes = stage.play(mutant.every()[name], Path(folder) / "run")

    def those(*statuses: Status) -> list[Outcome]:
        return [outcome for outcome in outcomes if outcome.status in statuses]

    return Row(
        name=name,
        red={each.scenario: each.error or "" for each in those(Status.FAILED)},
        blocked=len(those(Status.BLOCKED)),
        error={each.scenario: each.error or "" for each in those(Status.ERROR, Status.INCOMPLETE)},
        slow=len(those(Status.DEGRADED)),
    )


def tell(row: Row) -> list[str]:
    """Return the lines about a mutant."""
    declared = mutant.every()[row.name]
    lines = [f"{row.name}: {len(row.red)} red, {row.blocked} blocked, {row.slow} slow"]
    for name, reason in declared.red.items():
        seen = row.red.get(name)
        lines.append(f"    {name}" if seen and re.search(reason, seen) else f"  ! {name}: {seen or 'not red'}")
    beside = sorted(row.red.keys() - declared.red.keys())
    lines += [f"    also {name}" if name in declared.also else f"  ! also {name}: {row.red[name][:200]}" for name in beside]
    lines += [f"  ! not also {name}" for name in sorted(declared.also - row.red.keys())]
    lines += [f"  ! cannot tell: {name}: {why[:200]}" for name, why in sorted(row.error.items())]
    if bool(row.blocked) != declared.blocks:
        lines.append(f"  ! blocks={bool(row.blocked)}")
    return lines


def main() -> int:
    """Sweep, and print; 1 where something differs from what is declared."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants.matrix", description=__doc__)
    parser.add_argument("which", nargs="?", default=".", help="only the mutants whose name matches this")
    parser.add_argument("--at-once", type=int, default=2)
    options = parser.parse_args()
    names = [name for name in mutant.every() if re.search(options.which, name)]
    differs = False
    with ProcessPoolExecutor(options.at_once) as pool:
        for row in pool.map(sweep, names):
            lines = tell(row)
            differs |= any(line.startswith("  !") for line in lines)
            print("\n".join(lines), flush=True)
    return int(differs)


if __name__ == "__main__":
    sys.exit(main())
