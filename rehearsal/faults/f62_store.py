"""F62: the history of runs and alerts is damaged, or cannot be written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.faults.f56_runner_dead import ANY

if TYPE_CHECKING:
    from rehearsal.drill import Drill

GARBAGE = b"this is no database\n" * 500
UNWRITABLE = "sqlite:////proc/history.sqlite"
"""A place in which nobody may make a file, not even root."""
EXPECTS = Expected("monitor.cannot-tell/history", "suite", "critical")


@contextmanager
def damaged(drill: Drill) -> Iterator[None]:
    """Overwrite the file. What was in it is kept aside by the suite, and a new one begun: nothing is there to be mended."""
    drill.forget_history()
    (drill.folder / "history.sqlite").write_bytes(GARBAGE)
    yield


@contextmanager
def unwritable(drill: Drill) -> Iterator[None]:
    """Have the history in a place that takes nothing."""
    drill.environment["SYNTHETICS_HISTORY"] = UNWRITABLE
    try:
        yield
    finally:
        del drill.environment["SYNTHETICS_HISTORY"]


FAULTS = (
    Fault(
        id="F62-corrupt",
        title="The history's file is damaged.",
        layer=Layer.MONITOR,
        journey="quota",
        risk="monitor-blind",
        expects=EXPECTS,
        only=ANY,
        act=damaged,
        confined=False,
        resolves=False,
    ),
    Fault(
        id="F62-readonly",
        title="The history cannot be written.",
        layer=Layer.MONITOR,
        journey="quota",
        risk="monitor-blind",
        expects=EXPECTS,
        only=ANY,
        permits=("monitor.heartbeat",),
        act=unwritable,
        confined=False,
    ),
)
