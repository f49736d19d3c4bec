"""F41: most requests are as quick as ever, and a few take longer than anybody waits."""

from __future__ import annotations

import httpx

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe
from rehearsal.wire import actions
from rehearsal.wire.rules import Rule, When

LOOKS = 40
SLOW = 32.0
"""Seconds: more than the one bounded client of the suite waits for an answer."""


def oracle(probe: Probe) -> str:
    """Ask often enough to meet a slow one, and do not wait for it."""
    http = probe.client()
    slow = 0
    for _ in range(LOOKS):
        try:
            http.get("/api/v1/catalogue", timeout=1.0)
        except httpx.ReadTimeout:
            slow += 1
    return f"{slow} of {LOOKS} requests took longer than a second" if slow else ""


FAULT = Fault(
    id="F41",
    title="A few requests in a hundred take longer than anybody waits; the others are quick.",
    layer=Layer.WIRE,
    journey="signup",
    risk="nobody-can-start",
    expects=Expected("signup.*", "identity", "critical"),
    permits=("signup.*",),
    silent=True,
    rules=(Rule(actions.Delay(SLOW), When(path="^/api/", share=0.1)).dump(),),
    oracle=oracle,
    confined=False,
    runs=4,
)
