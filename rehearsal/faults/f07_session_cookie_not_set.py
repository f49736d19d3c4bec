"""F07: the answer to a log-in that is right sets no session."""

from __future__ import annotations

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe
from rehearsal.wire import actions
from rehearsal.wire.page import logged_in, session_cookie
from rehearsal.wire.rules import Rule


def oracle(probe: Probe) -> str:
    """Log in by the form, and look for the cookie."""
    answer = logged_in(probe, probe.person())
    return "" if session_cookie(answer) else f"a log-in was answered by {answer.answer.status_code} without a session's cookie"


FAULT = Fault(
    id="F07",
    title="Logging in by the page sets no session cookie: people stay strangers.",
    layer=Layer.WIRE,
    journey="signup",
    risk="nobody-can-start",
    expects=Expected("signup.first-workspace", "growth", "critical"),
    permits=("signup.*",),
    rules=(Rule(actions.DropCookie("cs_session")).dump(),),
    oracle=oracle,
    confined=False,
    surfaces=("browser",),
)
