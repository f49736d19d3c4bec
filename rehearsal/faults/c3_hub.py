"""C1 and C3 on a JupyterHub: nothing around it is broken; and everything takes longer than on other days, and no longer than it may."""

from __future__ import annotations

from rehearsal.fault import Fault, Layer
from rehearsal.probe import Probe
from rehearsal.wire import actions
from rehearsal.wire.rules import Rule, When

LONGER = 0.4
"""Seconds: with what an answer takes on other days, less than the target expects."""


def slower(probe: Probe) -> str:
    """Ask for the version, and take the time."""
    took = probe.get("/hub/api/").elapsed.total_seconds()
    return f"an answer took {took:.1f} s" if took >= LONGER else ""


FAULTS = (
    Fault(
        id="C1-hub",
        title="Nothing is wrong with the hub, twice in a row.",
        layer=Layer.ENVIRONMENT,
        journey="signup",
        runs=2,
        products=("jupyterhub",),
    ),
    Fault(
        id="C3-hub",
        title="The hub takes longer than usual to answer, and no longer than it may.",
        layer=Layer.WIRE,
        journey="signup",
        rules=(Rule(actions.Delay(LONGER), When(path="^/hub/")).dump(),),
        oracle=slower,
        confined=False,
        runs=2,
        products=("jupyterhub",),
    ),
)
