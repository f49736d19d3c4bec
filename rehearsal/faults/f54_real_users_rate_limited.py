"""F54: people who come for the first time are told that they have come too often."""

from __future__ import annotations

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe
from rehearsal.wire import actions
from rehearsal.wire.rules import Rule, When

AGAIN = 3600
"""Seconds: longer than anybody waits."""
BODY = f'{{"code": "rate_limited", "status": 429, "detail": "Too many attempts. Try again in {AGAIN} s.", "retry_after": {AGAIN}}}'
TYPE = {"Content-Type": "application/problem+json"}


def oracle(probe: Probe) -> str:
    """Sign up, once."""
    asked = {"name": "Probe", "email": probe.address(), "password": "Probe12345678"}
    status = probe.client().post("/api/v1/accounts", json=asked).status_code
    return "a first sign-up was answered by 429" if status == 429 else ""


FAULT = Fault(
    id="F54",
    title="People who sign up for the first time are refused as if they came too often.",
    layer=Layer.WIRE,
    journey="signup",
    risk="nobody-can-start",
    expects=Expected("signup.first-workspace", "growth", "critical"),
    permits=("signup.*",),
    rules=(Rule(actions.Answer(429, BODY, TYPE, retry_after=AGAIN), When(path=r"^/api/v1/accounts$", methods=("POST",))).dump(),),
    oracle=oracle,
    confined=False,
)
