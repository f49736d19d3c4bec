"""F63: the suite's own test data uses up what it may make on this target."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rehearsal.fault import Expected, Fault, Layer

if TYPE_CHECKING:
    from rehearsal.drill import Drill

BOUNDS = {"accounts": 2, "projects": 2, "requests": 60000}


@contextmanager
def used_up(drill: Drill) -> Iterator[None]:
    """Leave the run next to nothing to make."""
    drill.changed["bounds"] = BOUNDS
    drill.write_target()
    try:
        yield
    finally:
        del drill.changed["bounds"]
        drill.write_target()


FAULT = Fault(
    id="F63",
    title="The suite has used up the accounts and projects that it may make.",
    layer=Layer.MONITOR,
    journey="quota",
    risk="monitor-blind",
    expects=Expected("monitor.cannot-tell", "suite", "error"),
    only=("quota.every-dimension", "quota.delete-frees-slot", "quota.last-slot-race"),  # these make more than one project
    act=used_up,
    confined=False,
    whole=True,
    runs=2,
)
