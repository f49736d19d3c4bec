"""F12: whoever has just logged in is sent round and round."""

from __future__ import annotations

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe
from rehearsal.wire import actions
from rehearsal.wire.page import logged_in
from rehearsal.wire.rules import Rule, When


def oracle(probe: Probe) -> str:
    """Log in by the form, and see where one's workspace leads."""
    answer = logged_in(probe, probe.person()).http.get("/w")
    return "the first page after logging in redirects to itself" if answer.headers.get("location", "").endswith("/w") else ""


FAULT = Fault(
    id="F12",
    title="After logging in, the first page redirects to itself for ever.",
    layer=Layer.WIRE,
    journey="signup",
    risk="nobody-can-start",
    expects=Expected("signup.first-workspace", "growth", "critical"),
    permits=("signup.*",),
    rules=(Rule(actions.Redirect(), When(path="^/w$")).dump(),),
    oracle=oracle,
    confined=False,
    surfaces=("browser",),
)
