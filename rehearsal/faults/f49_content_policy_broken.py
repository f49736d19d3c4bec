"""F49: the pages' content security policy forbids what the pages do."""

from __future__ import annotations

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe
from rehearsal.wire import actions
from rehearsal.wire.rules import Rule, When

POLICY = "default-src 'self'; script-src https://assets.example.com; form-action https://app.example.com"
"""As after a move to another name: scripts and forms of this one are forbidden."""


def oracle(probe: Probe) -> str:
    """Read the policy of the sign-up's page."""
    return "the sign-up's page forbids its own form" if "form-action https://" in probe.get("/signup").headers.get("content-security-policy", "") else ""


def unguarded(probe: Probe) -> str:
    """Read the policy of the first page."""
    return "" if probe.get("/").headers.get("content-security-policy") else "the first page has no content security policy"


FAULTS = (
    Fault(
        id="F49",
        title="The pages' content security policy forbids their own forms and scripts.",
        layer=Layer.WIRE,
        journey="signup",
        risk="nobody-can-start",
        expects=Expected("signup.first-workspace", "growth", "critical"),
        permits=("signup.*",),
        rules=(Rule(actions.SetHeader("Content-Security-Policy", POLICY), When(type="text/html")).dump(),),
        oracle=oracle,
        confined=False,
        surfaces=("browser",),
    ),
    Fault(
        id="F49-missing",
        title="The pages have lost their content security policy.",
        layer=Layer.WIRE,
        journey="face",
        risk="guards-down",
        expects=Expected("face.security-headers", "identity", "error"),
        silent=True,
        rules=(Rule(actions.DropHeader("Content-Security-Policy")).dump(),),
        oracle=unguarded,
        confined=False,
    ),
)
