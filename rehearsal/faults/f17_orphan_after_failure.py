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
    if not used:
        return ""
    probe.remember(person)
    return f"{used} project counts as used where the only one has failed"


def keep_the_charge(seams: Seams) -> None:
    """What was announced for a project is not taken back."""
    from products.cloudsuite.app.domain import billing

    @seams.instead_of(billing, "void_charge")
    def nothing(_original: Any, _tx: Any, _project_id: str) -> None:
        return None


def keeps_its_charge(probe: Probe) -> str:
    """Have a project fail that costs something, and read the bill."""
    person = probe.person()
    project = fail(person, tier="standard")
    kept = charges(person) - {"void"}
    if not kept:
        return ""
    probe.remember(person, project=project)
    return f"the charge for a project that failed is {', '.join(kept)}"


def is_charged(probe: Probe) -> str:
    """Do what the runbook says for those who were caught, retry what failed and cancel it, and say whether a charge is left that would be owed one day."""
    people, what = probe.caught()
    for person in people:
        for action in ("retry", "cancel"):
            ok(person.http.post(f"/api/v1/projects/{what['project']}/{action}"), 200)
        if kept := charges(person) - {"void"}:
            return f"retried and cancelled, a project has charges that are {', '.join(kept)}"
    return ""


def charges(person: Person) -> set[str]:
    """Return the states of what the workspace is charged."""
    said = ok(person.http.get(f"/api/v1/workspaces/{person.workspace}/billing"), 200).json()
    return {str(each["state"]) for each in said["charges"]}


def fail(person: Person, **wish: str) -> str:
    """Ask for a project that cannot be made, wait until it has failed, and return it."""
    project = str(ok(person.ask_project(region="zz-fail", **wish), 202).json()["id"])
    if not until(lambda: person.state(project) == "failed"):
        msg = f"the project that is to fail is {person.state(project)!r}"
        raise ProbeTrouble(msg)
    return project


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
        residue=Probe.counts_on,
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
        residue=is_charged,
    ),
)
