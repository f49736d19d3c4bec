"""F40: a share of the requests is answered by 503."""

from __future__ import annotations

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe
from rehearsal.wire import actions
from rehearsal.wire.rules import Rule, When

LOOKS = 30
"""Requests in which a tenth of them shows with 96 %."""
SERVER_ERROR = 500


def oracle(probe: Probe) -> str:
    """Ask for the API's catalogue often enough to meet the least dose."""
    http = probe.client()
    bad = sum(http.get("/api/v1/catalogue").status_code >= SERVER_ERROR for _ in range(LOOKS))
    return f"{bad} of {LOOKS} requests were answered by 5xx" if bad else ""


def grey(probe: Probe) -> str:
    """Read one's usage often enough to meet it."""
    person = probe.person()
    path = f"/api/v1/workspaces/{person.workspace}/usage"
    bad = sum(person.http.get(path).status_code >= SERVER_ERROR for _ in range(LOOKS))
    return f"{bad} of {LOOKS} reads of what is used were answered by 5xx" if bad else ""


FAULTS = (
    Fault(
        id="F40",
        title="A share of all requests to the API is answered by 503.",
        layer=Layer.WIRE,
        journey="signup",
        risk="nobody-can-start",
        expects=Expected("signup.first-workspace", "growth", "critical"),
        permits=("signup.*",),
        rules=(Rule(actions.Answer(503), When(path="^/api/")).dump(),),
        oracle=oracle,
        confined=False,
        doses=(100, 50, 25, 10),
        runs=3,
    ),
    Fault(
        id="F40-grey",
        title="One read in two of what a workspace holds is answered by 503; whoever tries again is served.",
        layer=Layer.WIRE,
        journey="face",
        risk="grey-failure",
        expects=Expected("face.many-requests", "operators", "critical"),
        permits=("face.*",),
        silent=True,
        rules=(Rule(actions.Answer(503), When(path="^/api/v1/workspaces/[^/]+/", methods=("GET",), share=0.5)).dump(),),
        oracle=grey,
        confined=False,
        runs=2,
    ),
)
