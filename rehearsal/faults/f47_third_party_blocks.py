"""F47: every page waits for a script of somebody else, which does not come."""

from __future__ import annotations

import httpx

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe
from rehearsal.wire import actions
from rehearsal.wire.page import opened
from rehearsal.wire.rules import Rule, When

SCRIPT = "/metrics-of-somebody-else.js"
SLOW = 60.0
"""Seconds: longer than any page of the suite is waited for."""


def oracle(probe: Probe) -> str:
    """Look for the script in the sign-up's page, and ask for it without waiting."""
    page = opened(probe, "/signup")
    if not any(each.endswith(SCRIPT) for each in page.assets):
        return ""
    try:
        page.http.get(SCRIPT, timeout=1.0)
    except httpx.ReadTimeout:
        return f"the sign-up's page names {SCRIPT}, which is not answered"
    return ""


FAULT = Fault(
    id="F47",
    title="Every page waits for a script of somebody else, which does not come.",
    layer=Layer.WIRE,
    journey="signup",
    risk="nobody-can-start",
    expects=Expected("signup.first-workspace", "growth", "critical"),
    permits=("signup.*",),
    silent=True,
    rules=(
        Rule(actions.Inject(f'<script src="{SCRIPT}"></script>'), When(type="text/html")).dump(),
        Rule(actions.Delay(SLOW), When(path=f"^{SCRIPT}$")).dump(),
    ),
    oracle=oracle,
    confined=False,
    surfaces=("browser",),
)
