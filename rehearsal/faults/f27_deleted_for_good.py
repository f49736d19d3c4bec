"""F27: what is deleted for good stays; F28: what is deleted is not listed where it could be restored."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Person, Probe, ok


def do_nothing(seams: Seams) -> None:
    """Whoever deletes for good is told that it is done."""
    from products.cloudsuite.app.domain import projects
    from products.cloudsuite.app.transitions import Action

    @seams.instead_of(projects, "act")
    def idle(original: Any, tx: Any, settings: Any, actor: Any, project_id: str, action: Any) -> Any:
        return projects.load(tx, project_id) if action is Action.PURGE else original(tx, settings, actor, project_id, action)


def stays(probe: Probe) -> str:
    """Delete a project, then for good, and look among the deleted ones."""
    person = probe.person()
    project = person.project()
    ok(person.http.delete(f"/api/v1/projects/{project}"), 202)
    said = purged(person, project)
    if said:
        probe.remember(person, project=project)
    return said


def stays_again(probe: Probe) -> str:
    """Delete for good what the fault has kept."""
    people, what = probe.caught()
    return next((f"after the rollback, {said}" for person in people if (said := purged(person, what["project"]))), "")


def purged(person: Person, project: str) -> str:
    """Delete a project for good, and say where it is still there."""
    ok(person.http.post(f"/api/v1/projects/{project}/purge"), 200)
    return "a project that was deleted for good can still be restored" if project in trash(person) else ""


def hide_the_deleted(seams: Seams) -> None:
    """The list of deleted projects is empty."""
    from products.cloudsuite.app.domain import projects

    @seams.instead_of(projects, "listed")
    def blind(original: Any, tx: Any, actor: Any, workspace_id: str, *, deleted: bool = False) -> Any:
        return [] if deleted else original(tx, actor, workspace_id)


def is_not_listed(probe: Probe) -> str:
    """Delete a project, and look among the deleted ones."""
    person = probe.person()
    project = person.project()
    ok(person.http.delete(f"/api/v1/projects/{project}"), 202)
    if project in trash(person):
        return ""
    probe.remember(person, project=project)
    return "a deleted project is not listed among the deleted ones"


def is_not_listed_still(probe: Probe) -> str:
    """Look again for what the fault has hidden."""
    people, what = probe.caught()
    return next(("after the rollback, a deleted project is not listed" for person in people if what["project"] not in trash(person)), "")


def trash(person: Person) -> set[str]:
    """Return the ids of the deleted projects."""
    found = ok(person.http.get(f"/api/v1/workspaces/{person.workspace}/projects", params={"deleted": "true"}), 200).json()["items"]
    return {str(each["id"]) for each in found}


FAULTS = (
    Fault(
        id="F27-purge",
        title="A project that is deleted for good stays.",
        layer=Layer.APPLICATION,
        journey="lifecycle",
        risk="half-erased",
        expects=Expected("lifecycle.purge", "platform", "error"),
        permits=("lifecycle.illegal-transitions",),
        silent=True,
        inject=do_nothing,
        oracle=stays,
        residue=stays_again,
    ),
    Fault(
        id="F28-trash",
        title="Deleted projects are not listed where they could be restored.",
        layer=Layer.APPLICATION,
        journey="lifecycle",
        risk="data-lost",
        expects=Expected("lifecycle.trash", "platform", "error"),
        permits=("lifecycle.restore", "lifecycle.name-reuse", "lifecycle.audit-trail", "lifecycle.purge"),
        silent=True,
        inject=hide_the_deleted,
        oracle=is_not_listed,
        residue=is_not_listed_still,
    ),
)
