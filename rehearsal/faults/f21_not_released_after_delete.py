"""F21: a project that is deleted or cancelled keeps its place in the plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Person, Probe, ok

DELETED = "state = 'deleted'"
CANCELLED = "state = 'cancelled'"
UNREADY = "state = 'deleted' AND state_before IN ('requested', 'provisioning')"


def counting(which: str) -> Callable[[Seams], None]:
    """Return how the projects of a condition go on counting."""

    def inject(seams: Seams) -> None:
        """What is deleted counts, as what lives does."""
        from products.cloudsuite.app.domain import quotas

        @seams.instead_of(quotas, "used")
        def clinging(original: Any, tx: Any, workspace_id: str, dimension: Any) -> int:
            taken = int(original(tx, workspace_id, dimension))
            if dimension is quotas.Dimension.PROJECTS:
                query = f"SELECT count(*) FROM projects WHERE workspace_id = ? AND {which}"  # noqa: S608 -- the conditions stand above
                taken += tx.execute(query, (workspace_id,)).fetchone()[0]
            return taken

    return inject


def stays_used(probe: Probe) -> str:
    """Delete the only project, and read the usage."""
    person = probe.person()
    return used_after_deleting(person, person.project(), "that was ready")


def stays_used_on_its_way(probe: Probe) -> str:
    """Delete the only project before it is ready, and read the usage."""
    person = probe.person()
    return used_after_deleting(person, str(ok(person.ask_project(region="zz-slow"), 202).json()["id"]), "on its way")


def stays_used_though_cancelled(probe: Probe) -> str:
    """Cancel the only project before it is ready, and read the usage."""
    person = probe.person()
    project = ok(person.ask_project(region="zz-slow"), 202).json()["id"]
    ok(person.http.post(f"/api/v1/projects/{project}/cancel"), 200)
    used = person.usage()["projects"]["used"]
    if not used:
        return ""
    probe.remember(person)
    return f"{used} project counts as used after the only one was cancelled"


def used_after_deleting(person: Person, project: str, which: str) -> str:
    """Delete a project, and say how many count as used where there is none."""
    ok(person.http.delete(f"/api/v1/projects/{project}"), 202)
    used = person.usage()["projects"]["used"]
    if not used:
        return ""
    person.probe.remember(person)
    return f"{used} project counts as used after the only one, {which}, was deleted"


FAULTS = (
    Fault(
        id="F21",
        title="Deleting a project does not free its place in the plan.",
        layer=Layer.APPLICATION,
        journey="quota",
        risk="quota-wrongly-refused",
        expects=Expected("quota.delete-frees-slot", "billing", "error"),
        permits=(
            "quota.limit-plus-one",
            "provisioning.delete-while-provisioning",
            "provisioning.every-variant",
            "lifecycle.delete-from-every-state",
        ),
        silent=True,
        inject=counting(DELETED),
        oracle=stays_used,
        residue=Probe.counts_on,
    ),
    Fault(
        id="F21-unready",
        title="A project that is deleted before it is ready keeps its place in the plan.",
        layer=Layer.APPLICATION,
        journey="provisioning",
        risk="provisioning-wrong",
        expects=Expected("provisioning.delete-while-provisioning", "platform", "error"),
        permits=("lifecycle.delete-from-every-state",),
        silent=True,
        inject=counting(UNREADY),
        oracle=stays_used_on_its_way,
        residue=Probe.counts_on,
    ),
    Fault(
        id="F21-cancelled",
        title="A project that is cancelled keeps its place in the plan.",
        layer=Layer.APPLICATION,
        journey="provisioning",
        risk="provisioning-wrong",
        expects=Expected("provisioning.cancel", "platform", "error"),
        silent=True,
        inject=counting(CANCELLED),
        oracle=stays_used_though_cancelled,
        residue=Probe.counts_on,
    ),
)
