"""F18 on the wire: a project is made in time, and those who wait for it hear of it far too late."""

from __future__ import annotations

import time

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe
from rehearsal.wire import actions
from rehearsal.wire.rules import Rule, When

SLOW = 14.0
"""Seconds: past the limit that a drill's target has for provisioning."""


def oracle(probe: Probe) -> str:
    """Ask for the state of a project that is not there: it takes as long as for one that is."""
    began = time.monotonic()
    probe.client().get("/api/v1/projects/none", timeout=2 * SLOW)
    took = time.monotonic() - began
    return f"the state of a project was told after {took:.0f} s" if took > SLOW else ""


FAULT = Fault(
    id="F18-wire",
    title="Whoever waits for a project is told of its state far too late.",
    layer=Layer.WIRE,
    journey="provisioning",
    risk="provisioning-stuck",
    expects=Expected("provisioning.ready-and-used", "platform", "critical"),
    permits=("provisioning.*",),
    silent=True,
    rules=(Rule(actions.Delay(SLOW), When(path=r"^/api/v1/projects/[\w-]+$", methods=("GET",))).dump(),),
    oracle=oracle,
    confined=False,
    products=("cloudsuite",),
)
