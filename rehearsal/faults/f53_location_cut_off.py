"""F53: one of two locations is cut off; the product is well. Its owner is told nothing, the maintainers are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.faults.f56_runner_dead import ANY
from rehearsal.probe import Probe
from rehearsal.receiver import closed_port

if TYPE_CHECKING:
    from rehearsal.drill import Drill

LOCATIONS = ["north", "south"]


def two(drill: Drill) -> None:
    """Look from two places, which must agree that something is not available."""
    drill.changed |= {"locations": LOCATIONS, "agree": 2}
    drill.changed.setdefault("location", LOCATIONS[0])


@contextmanager
def cut_off(drill: Drill) -> Iterator[None]:
    """Send everything from the north through a proxy that is not there."""
    drill.facts["north"] = f"http://127.0.0.1:{closed_port()}"
    try:
        yield
    finally:
        drill.facts["north"] = ""


def both(drill: Drill, phase: str) -> None:
    """Run from each place."""
    for location in LOCATIONS:
        drill.changed["location"] = location
        north = drill.facts.get("north", "") if location == LOCATIONS[0] else ""
        drill.changed |= {"proxy": north} if north else {}
        if not north:
            drill.changed.pop("proxy", None)
        drill.write_target()
        drill.sweep(phase, drill.tried)


def alone(probe: Probe) -> str:
    """Try the way of the north."""
    return f"there is no way from the north: its proxy {probe.facts['north']} is not there" if probe.facts.get("north") else ""


FAULT = Fault(
    id="F53",
    title="One of two locations is cut off, and the product is well.",
    layer=Layer.ENVIRONMENT,
    journey="quota",
    risk="monitor-blind",
    expects=Expected("monitor.cannot-tell", "suite", "error"),
    only=ANY,
    before=two,
    act=cut_off,
    instead=both,
    oracle=alone,
    confined=False,
    whole=True,
    runs=3,
)
