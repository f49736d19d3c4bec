"""``python -m rehearsal.rollback FOLDER``: the rollback of a drill, as a command for a runbook. Asks whoever plays the drill, and waits until it is done.

On a product of yours the same line of the runbook calls what puts the last good release back (``kubectl rollout undo …``).
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

WITHIN = 30.0
"""Seconds that a rollback may take."""
LOOK = 0.05

ASKED, DONE = "rollback.asked", "rollback.done"


def serve(folder: Path, undo: Callable[[], None], over: threading.Event) -> None:
    """Wait for somebody to ask for the rollback, and do it, until `over`."""
    while not over.is_set():
        if (folder / ASKED).exists():
            undo()
            (folder / DONE).touch()
            return
        over.wait(LOOK)


def main(folder: Path) -> int:
    """Ask, and wait; 0 once it is rolled back, 1 where nobody does it in time."""
    (folder / ASKED).touch()
    deadline, tick = time.monotonic() + WITHIN, threading.Event()
    while not (folder / DONE).exists():
        if time.monotonic() > deadline:
            print(f"nothing was rolled back within {WITHIN:g} s", file=sys.stderr)
            return 1
        tick.wait(LOOK)
    print("rolled back")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
