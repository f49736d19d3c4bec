"""F40, F41 and F43 on the way to a JupyterHub: errors, slowness, and half an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from rehearsal import hub
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe
from rehearsal.wire import actions
from rehearsal.wire.rules import Rule, When

if TYPE_CHECKING:
    from rehearsal.drill import Drill

LOOKS = 30
"""Requests in which a tenth of them shows with 96 %."""
SERVER_ERROR = 500
IDENTITY = "api/?$"
"""Where the hub says who it is. It still does: one that is nobody is no hub at all, which is another alert."""
SLOW = 1.4
"""Seconds that a late answer takes longer."""
EXPECTED = 1.0
"""Seconds within which the drill's target promises a read: a fifth of a second would be usual, and 40 reads that keep people waiting are minutes of drill."""


def promise(drill: Drill) -> None:
    """Let the drill's target promise quicker reads than the one that is watched."""
    budgets = drill.stage.table["budgets"]
    drill.changed["budgets"] = {**budgets, "response": {**budgets["response"], "expected": EXPECTED}}


def errors(probe: Probe) -> str:
    """Ask for the page at which people log in often enough to meet the least dose."""
    http = probe.client()
    bad = sum(http.get("/hub/login").status_code >= SERVER_ERROR for _ in range(LOOKS))
    return f"{bad} of {LOOKS} requests were answered by 5xx" if bad else ""


def slow(probe: Probe) -> str:
    """Ask often enough to meet a slow one, and do not wait for it."""
    http, late = probe.client(), 0
    for _ in range(LOOKS):
        try:
            http.get("/hub/login", timeout=SLOW / 2)
        except httpx.ReadTimeout:
            late += 1
    return f"{late} of {LOOKS} requests took longer than {SLOW / 2:g} s" if late else ""


def cut(probe: Probe) -> str:
    """Ask as the operator for somebody, and read the answer."""
    with hub.user(probe) as name:
        try:
            probe.operator().get(hub.api(name)).json()
        except ValueError:
            return "a user and their servers are answered by 200 and half a JSON document"
    return ""


FAULTS = (
    Fault(
        id="F40-hub",
        title="A share of all requests to the hub is answered by 503.",
        layer=Layer.WIRE,
        journey="signup",
        risk="nobody-can-start",
        expects=Expected("signup.first-workspace", "growth", "critical"),
        permits=("signup.*", "monitor.left-behind"),  # cleaning up meets it, too
        rules=(Rule(actions.Answer(503), When(path=f"^/hub/(?!{IDENTITY})")).dump(),),
        oracle=errors,
        confined=False,
        doses=(100, 50, 25),
        runs=3,
        products=("jupyterhub",),
    ),
    Fault(
        id="F41-hub",
        title="A share of all requests to the hub is answered late.",
        layer=Layer.WIRE,
        journey="face",
        risk="grey-failure",
        expects=Expected("face.answers-in-time", "operators", "error"),
        permits=("face.[*]",),
        silent=True,
        only=("face.answers-in-time",),
        rules=(Rule(actions.Delay(SLOW), When(path="^/hub/")).dump(),),
        oracle=slow,
        before=promise,
        confined=False,
        doses=(100, 50, 25),
        runs=2,
        expiry=600.0,
        products=("jupyterhub",),
    ),
    Fault(
        id="F43-hub",
        title="What the hub's API tells of somebody's servers is JSON that ends in the middle.",
        layer=Layer.WIRE,
        journey="provisioning",
        risk="provisioning-stuck",
        expects=Expected("provisioning.ready-and-used", "platform", "critical"),
        permits=("provisioning.*",),
        only=("provisioning.ready-and-used", "provisioning.states-forward"),
        silent=True,
        rules=(Rule(actions.Truncate(share=0.5), When(path=r"^/hub/api/users/[^/]+$", methods=("GET",), statuses=(200,))).dump(),),
        oracle=cut,
        confined=False,
        products=("jupyterhub",),
    ),
)
