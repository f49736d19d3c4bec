"""F31 on the wire: what a customer uses is read from a copy that is not renewed."""

from __future__ import annotations

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe
from rehearsal.wire import actions
from rehearsal.wire.rules import Rule, When


def oracle(probe: Probe) -> str:
    """Read the usage, make a project, and read it again."""
    person = probe.person()
    before = person.usage()["projects"]
    person.project()
    return "the usage is the same before and after a project was made" if person.usage()["projects"] == before else ""


FAULT = Fault(
    id="F31-wire",
    title="The usage that is shown is an old copy, whatever has been made since.",
    layer=Layer.WIRE,
    journey="quota",
    risk="quota-wrongly-refused",
    expects=Expected("quota.shown-matches-real", "billing", "error"),
    permits=("quota.*",),
    silent=True,
    rules=(Rule(actions.Stale(), When(path=r"^/api/v1/workspaces/[\w-]+/usage$", methods=("GET",))).dump(),),
    oracle=oracle,
    confined=False,
)
