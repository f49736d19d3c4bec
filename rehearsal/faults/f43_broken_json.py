"""F43: answers are JSON that ends in the middle, or lacks what is documented."""

from __future__ import annotations

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok
from rehearsal.wire import actions
from rehearsal.wire.rules import Rule, When

PROJECT = When(path=r"^/api/v1/projects/[\w-]+$", methods=("GET",), statuses=(200,))
USAGE = When(path=r"^/api/v1/workspaces/[\w-]+/usage$", statuses=(200,))


def cut(probe: Probe) -> str:
    """Ask for a project, and read the answer."""
    person = probe.person()
    project = ok(person.ask_project(), 202).json()["id"]
    try:
        person.http.get(f"/api/v1/projects/{project}").json()
    except ValueError:
        return "a project is answered by 200 and half a JSON document"
    return ""


def lacking(probe: Probe) -> str:
    """Ask for what is used, and look for the limit."""
    return "" if "limit" in probe.person().usage()["projects"] else "the usage of projects has no limit"


FAULTS = (
    Fault(
        id="F43",
        title="A project's state is answered by JSON that ends in the middle.",
        layer=Layer.WIRE,
        journey="provisioning",
        risk="provisioning-stuck",
        expects=Expected("provisioning.ready-and-used", "platform", "critical"),
        permits=("provisioning.*",),
        silent=True,
        rules=(Rule(actions.Truncate(share=0.5), PROJECT).dump(),),
        oracle=cut,
        confined=False,
    ),
    Fault(
        id="F43-schema",
        title="The answer about what is used lacks a field that is documented.",
        layer=Layer.WIRE,
        journey="quota",
        risk="quota-wrongly-refused",
        expects=Expected("quota.shown-matches-real", "billing", "error"),
        permits=("quota.*",),
        silent=True,
        rules=(Rule(actions.DropField("projects.limit"), USAGE).dump(),),
        oracle=lacking,
        confined=False,
    ),
)
