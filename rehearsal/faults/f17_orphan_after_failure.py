"""F17: a project that could not be made leaves something behind: its place in the plan, or its charge."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Person, Probe, ProbeTrouble, ok, until


def keep_the_place(seams: Seams) -> None:
    """What failed goes on counting."""
    from products.cloudsuite.app.domain import quotas

    @seams.instead_of(quotas, "used")
    def haunted(original: Any, tx: Any, workspace_id: str, dimension: Any) -> int:
        taken = int(original(tx, workspace_id, dimension))
        if dimension is quotas.Dimension.PROJECTS:
            taken += tx.execute("SELECT count(*) FROM projects WHERE workspace_id = ? AND state = 'failed'", (workspace_id,)).fetchone()[0]
        return taken


def keeps_its_place(probe: Probe) -> str:
    """Have a project fail, and read how much of the plan is used."""
    person = probe.person()
    fail(person)
    used = person.usage()["projects"]["used"]
    return f"{used} project counts as used where the only one has failed" if used else ""


def keep_the_charge(seams: Seams) -> None:
    """What was announced for a project is not taken back."""
    from products.cloudsuite.app.domain import billing

    @seams.instead_of(billing, "void_charge")
    def nothing(_original: Any, _tx: Any, _project_id: str) -> None:
        return None


def keeps_its_charge(probe: Probe) -> str:
    """Have a project fail that costs something, and read the bill."""
    person = probe.person()
    fail(person, tier="standard")
    charges = ok(person.http.get(f"/api/v1/workspaces/{person.workspace}/billing"), 200).json()["charges"]
    return next((f"the charge for a project that failed is {each['state']}" for each in charges if each["state"] != "void"), "")


def fail(person: Person, **wish: str) -> None:
    """Ask for a project that cannot be made, and wait until it has failed."""
    project = str(ok(person.ask_project(region="zz-fail", **wish), 202).json()["id"])
    if not until(lambda: person.state(project) == "failed"):
        msg = f"the project that is to fail is {person.state(project)!r}"
        raise ProbeTrouble(msg)


FAULTS = (
    Fault(
        id="F17",
        title="A project that failed keeps its place in the plan.",
        layer=Layer.APPLICATION,
        journey="provisioning",
        risk="provisioning-wrong",
        expects=Expected("provisioning.failure-costs-nothing", "billing", "error"),
        silent=True,
        inject=keep_the_place,
        oracle=keeps_its_place,
    ),
    Fault(
        id="F17-charge",
        title="A project that failed stays on the bill.",
        layer=Layer.APPLICATION,
        journey="provisioning",
        risk="provisioning-wrong",
        expects=Expected("provisioning.failure-costs-nothing", "billing", "error"),
        silent=True,
        inject=keep_the_charge,
        oracle=keeps_its_charge,
    ),
)
