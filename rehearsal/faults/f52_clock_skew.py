"""F52: the product's clock is ten minutes ahead."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.packages import unpacked
from rehearsal.probe import Probe

if TYPE_CHECKING:
    from rehearsal.drill import Drill

LIBRARY = ("libfaketime", "usr/lib/*/faketime/libfaketime.so.1")
CLOCK = "clock"
"""The file that says how far the clock is off; libfaketime reads it anew each second."""
TRUE, AHEAD = "+0\n", "+600\n"
"""Seconds."""
OFF = 60.0
"""Seconds from which on a clock is wrong."""


def surroundings(folder: Path) -> Mapping[str, str]:
    """Have the product's processes ask libfaketime for the time of day; the time that only passes stays true.

    Its fix for some C libraries is switched off: with this one it has each timed wait end at once, so that Python's threads fight for the interpreter without
    a rest, and every request takes a hundred times as long.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CLOCK).write_text(TRUE, encoding="ascii")
    return {
        "LD_PRELOAD": str(unpacked(*LIBRARY)),
        "FAKETIME_TIMESTAMP_FILE": str(folder / CLOCK),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DONT_RESET": "1",
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",
    }


@contextmanager
def ahead(drill: Drill) -> Iterator[None]:
    """Set the clock."""
    clock = drill.ground.folder / CLOCK
    clock.write_text(AHEAD, encoding="ascii")
    try:
        yield
    finally:
        clock.write_text(TRUE, encoding="ascii")


def skewed(probe: Probe) -> str:
    """Compare when an account was made, by the product, with when it was asked for."""
    from datetime import datetime

    answer = probe.client().post("/api/v1/accounts", json={"name": "Probe", "email": probe.address(), "password": "Probe12345678"})
    made = str(answer.json().get("created_at", "")) if answer.is_success else ""
    said = datetime.fromisoformat(made).timestamp() if made else parsedate_to_datetime(answer.headers["Date"]).timestamp()
    off = said - time.time()
    return f"an account that was just made says that it was made {off:.0f} s from now" if abs(off) > OFF else ""


FAULT = Fault(
    id="F52",
    title="The product's clock is ten minutes ahead.",
    layer=Layer.ENVIRONMENT,
    journey="face",
    risk="clock-skew",
    expects=Expected("face.clock-agrees", "operators", "error"),
    permits=("lifecycle.audit-trail", "lifecycle.trash"),
    silent=True,
    act=ahead,
    oracle=skewed,
    confined=False,
    exclusive=True,
    surroundings=surroundings,
)
