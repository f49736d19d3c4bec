"""F41, of one page: the sign-up comes late, and all the others are as quick as ever."""

from __future__ import annotations

import time

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe
from rehearsal.wire import actions
from rehearsal.wire.rules import Rule, When

SLOW = 4.0
"""Seconds: more than the first byte of a page may take, and less than a browser gives up after."""


def oracle(probe: Probe) -> str:
    """Ask for the first page and for that of the sign-up, and take the time of each."""
    took: dict[str, float] = {}
    for path in ("/", "/signup"):
        began = time.monotonic()
        probe.get(path)
        took[path] = time.monotonic() - began
    return f"the sign-up's page took {took['/signup']:.1f} s, the first one {took['/']:.1f} s" if took["/signup"] >= SLOW > took["/"] else ""


FAULT = Fault(
    id="F41-page",
    title="The page of the sign-up comes late; all the others are as quick as ever.",
    layer=Layer.WIRE,
    journey="face",
    risk="page-broken",
    expects=Expected("face.page-in-time", "growth", "error"),
    silent=True,
    rules=(Rule(actions.Delay(SLOW), When(path=r"^/signup(\?|$)", methods=("GET",))).dump(),),
    oracle=oracle,
    confined=False,
    surfaces=("browser",),
    runs=2,  # one slow run is not told
)
