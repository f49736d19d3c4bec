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


def complaint(probe: Probe) -> str:
    """Read the status."""
    said = probe.get("/api/v1/status").json()
    return "the status says that mail is degraded, and mail is sent" if said["components"]["mail"] != "ok" else ""


FAULTS = (
    Fault(
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
    ),
    Fault(
        id="F42-status",
        title="The status page says that mail is not sent, and all is well.",
        layer=Layer.WIRE,
        journey="face",
        risk="blind-operators",
        expects=Expected("face.status-agrees", "operators", "error"),
        silent=True,
        rules=(
            Rule(actions.SetField("status", "degraded"), When(path="^/api/v1/status")).dump(),
            Rule(actions.SetField("components.mail", "degraded"), When(path="^/api/v1/status")).dump(),
        ),
        oracle=complaint,
        confined=False,
    ),
)
