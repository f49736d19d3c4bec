"""F28: a project comes back from the trash, and not all of it."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok

MANY = 2
"""Documents in the project that is restored."""


def one_less(seams: Seams) -> None:
    """The newest document does not come back."""
    from products.cloudsuite.app.domain import projects
    from products.cloudsuite.app.transitions import Action

    @seams.instead_of(projects, "move")
    def careless(original: Any, tx: Any, settings: Any, project: Any, action: Action, *given: Any, **named: Any) -> Any:
        if action is Action.RESTORE:
            tx.execute("DELETE FROM documents WHERE rowid = (SELECT max(rowid) FROM documents WHERE project_id = ?)", (project.id,))
        return original(tx, settings, project, action, *given, **named)


def emptied(seams: Seams) -> None:
    """Every document is there, with nothing in it."""
    from products.cloudsuite.app.domain import projects
    from products.cloudsuite.app.transitions import Action

    @seams.instead_of(projects, "move")
    def careless(original: Any, tx: Any, settings: Any, project: Any, action: Action, *given: Any, **named: Any) -> Any:
        if action is Action.RESTORE:
            tx.execute("UPDATE documents SET body = '' WHERE project_id = ?", (project.id,))
        return original(tx, settings, project, action, *given, **named)


def lost(probe: Probe) -> str:
    """Write documents, delete their project, restore it, and read them again."""
    person = probe.person()
    project = person.project()
    bodies = {person.document(project, f"text {number}"): f"text {number}" for number in range(MANY)}
    ok(person.http.delete(f"/api/v1/projects/{project}"), 202)
    ok(person.http.post(f"/api/v1/projects/{project}/restore"), 200)
    answers = {each: person.http.get(f"/api/v1/documents/{each}") for each in bodies}
    gone = sum(not answer.is_success for answer in answers.values())
    other = sum(answer.is_success and answer.json()["body"] != bodies[each] for each, answer in answers.items())
    return f"of {MANY} documents {gone} did not come back, and {other} came back with another text" if gone or other else ""


def fault(variant: str, title: str, inject: Any) -> Fault:
    """Return one of the ways of coming back with less."""
    return Fault(
        id=f"F28{variant}",
        title=title,
        layer=Layer.APPLICATION,
        journey="lifecycle",
        risk="data-lost",
        expects=Expected("lifecycle.restore", "platform", "critical"),
        silent=True,
        inject=inject,
        oracle=lost,
        doses=(100, 50, 25, 10),
    )


FAULTS = (
    fault("", "A restored project has lost a document.", one_less),
    fault("-empty", "A restored project has all of its documents, and their text is gone.", emptied),
)
