"""F42: the API answers 200, and the body says that it went wrong."""

from __future__ import annotations

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe
from rehearsal.wire import actions
from rehearsal.wire.rules import Rule, When

BODY = '{"error": {"code": "internal", "message": "upstream connect error"}}'


def oracle(probe: Probe) -> str:
    """Ask for one's own workspaces."""
    said = probe.client().get("/api/v1/workspaces")
    return "a question without a session was answered by 200 and an error" if said.status_code == 200 and "error" in said.json() else ""


FAULT = Fault(
    id="F42",
    title="The API answers 200, with an error for a body.",
    layer=Layer.WIRE,
    journey="signup",
    risk="nobody-can-start",
    expects=Expected("signup.first-workspace", "growth", "critical"),
    permits=("signup.*",),
    silent=True,
    rules=(Rule(actions.Answer(200, BODY), When(path=r"^/api/v1/workspaces$", methods=("GET",))).dump(),),
    oracle=oracle,
    confined=False,
)
