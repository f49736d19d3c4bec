"""F41: most requests are as quick as ever, and a few take longer than people bear."""

from __future__ import annotations

import httpx

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe
from rehearsal.wire import actions
from rehearsal.wire.rules import Rule, When

LOOKS = 30
SLOW = 2.5
"""Seconds: more than one read may take, and less than any scenario gives up after."""
SHARE = 0.3
"""So few that the median is what it was, and so many that no run of 40 reads misses them."""


def oracle(probe: Probe) -> str:
    """Ask often enough to meet a slow one, and do not wait for it."""
    http = probe.client()
    slow = 0
    for _ in range(LOOKS):
        try:
            http.get("/api/v1/catalogue", timeout=SLOW / 2)
        except httpx.ReadTimeout:
            slow += 1
    return f"{slow} of {LOOKS} requests took longer than {SLOW / 2:g} s" if slow else ""


FAULT = Fault(
    id="F41",
    title="Three requests in ten are slow; the others are as quick as ever.",
    layer=Layer.WIRE,
    journey="face",
    risk="grey-failure",
    expects=Expected("face.answers-in-time", "operators", "error"),
    permits=("face.[*]",),
    silent=True,
    rules=(Rule(actions.Delay(SLOW), When(path="^/api/", share=SHARE)).dump(),),
    oracle=oracle,
    confined=False,
    runs=2,
)
