"""F56: the runner is dead: no run comes any more, and whoever still judges says so."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import until

if TYPE_CHECKING:
    from rehearsal.drill import Drill

CADENCE = 3.0
"""Seconds between the runs that are promised in this drill, so that silence shows soon."""
WITHIN = 60.0

ANY = ("quota.last-allowed", "quota.refusal-explains")
"""What is tried where any scenario will do, because it is not what they say that is wrong."""


def often(drill: Drill) -> None:
    """Promise a run every few seconds."""
    drill.changed["cadence"] = CADENCE


def silence(drill: Drill, phase: str) -> None:
    """Let no run come while the fault lasts; the judge of another machine goes on."""
    if phase != "fault":
        drill.sweep(phase, drill.tried)
        return
    drill.facts["silent since"] = time.time()

    def told() -> bool:
        drill.synthetics("judge", "--target", drill.stage.target)
        drill.synthetics("alert")
        return drill.arrived("monitor.no-data")

    until(told, WITHIN)


FAULT = Fault(
    id="F56",
    title="The runner is dead: no run comes any more.",
    layer=Layer.MONITOR,
    journey="quota",
    risk="monitor-blind",
    expects=Expected("monitor.no-data", "suite", "error"),
    only=ANY,
    before=often,
    instead=silence,
    whole=True,
    confined=False,
)
