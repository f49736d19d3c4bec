"""F08: the session's cookie may be read by scripts, and sent in the clear."""

from __future__ import annotations

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe
from rehearsal.wire import actions
from rehearsal.wire.page import logged_in, session_cookie
from rehearsal.wire.rules import Rule


def oracle(probe: Probe) -> str:
    """Log in by the form, and read the cookie's attributes."""
    line = session_cookie(logged_in(probe, probe.person()))
    kept = {each.strip().lower() for each in line.split(";")}
    lost = [each for each in ("Secure", "HttpOnly") if each.lower() not in kept]
    return f"the session's cookie is set without {' and '.join(lost)}" if line and lost else ""


FAULT = Fault(
    id="F08",
    title="The session's cookie is set without Secure and HttpOnly.",
    layer=Layer.WIRE,
    journey="face",
    risk="account-takeover",
    expects=Expected("face.session-cookie", "identity", "critical"),
    silent=True,
    rules=(Rule(actions.DropAttribute("Secure", "cs_session")).dump(), Rule(actions.DropAttribute("HttpOnly", "cs_session")).dump()),
    oracle=oracle,
    confined=False,
    surfaces=("browser",),
)
