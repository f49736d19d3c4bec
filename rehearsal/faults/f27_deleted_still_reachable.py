"""F27: what was deleted can still be got at."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Person, Probe, ok


def documents_stay(seams: Seams) -> None:
    """Whoever knows a document's id can read it on."""
    from products.cloudsuite.app.domain import documents, projects, roles
    from products.cloudsuite.app.transitions import State

    @seams.instead_of(documents, "readable")
    def open_grave(original: Any, tx: Any, actor: Any, document_id: str) -> Any:
        document = documents._load(tx, document_id)
        gone = projects.load(tx, document.project_id).state is State.DELETED
        return document if gone and roles.role_of(tx, actor.id, document.workspace_id) else original(tx, actor, document_id)


def shown_to_tokens(seams: Seams) -> None:
    """Programs with an API token go on as if nothing had happened; the pages are right."""
    from products.cloudsuite.app.domain import projects, roles
    from products.cloudsuite.app.transitions import State

    @seams.instead_of(projects, "readable")
    def open_grave(original: Any, tx: Any, actor: Any, project_id: str) -> Any:
        project = projects.load(tx, project_id)
        role = roles.role_of(tx, actor.id, project.workspace_id)
        return (project, role) if role and actor.api_token_id and project.state is State.DELETED else original(tx, actor, project_id)


def deleted(person: Person) -> tuple[str, str]:
    """Return a project that is deleted, and a document that was in it."""
    project = person.project()
    document = person.document(project)
    ok(person.http.delete(f"/api/v1/projects/{project}"), 202)
    return project, document


def reads_documents(probe: Probe) -> str:
    """Read a document of a deleted project by its id."""
    person = probe.person()
    _, document = deleted(person)
    answer = person.http.get(f"/api/v1/documents/{document}")
    return f"a document of a deleted project was read with {answer.status_code}" if answer.is_success else ""


def opens_by_token(probe: Probe) -> str:
    """Open a deleted project with an API token."""
    person = probe.person()
    token = ok(person.http.post("/api/v1/tokens", json={"name": "probe"}), 201).json()["token"]
    project, _ = deleted(person)
    answer = probe.client(Authorization=f"Bearer {token}").get(f"/api/v1/projects/{project}")
    return f"a deleted project was shown to an API token with {answer.status_code}" if answer.is_success else ""


def fault(variant: str, title: str, inject: Any, oracle: Any, permits: tuple[str, ...] = ()) -> Fault:
    """Return one of the ways in which what is deleted lives on."""
    return Fault(
        id=f"F27{variant}",
        title=title,
        layer=Layer.APPLICATION,
        journey="lifecycle",
        risk="zombie-access",
        expects=Expected("lifecycle.soft-delete-hides", "platform", "critical"),
        permits=permits,
        silent=True,
        inject=inject,
        oracle=oracle,
    )


FAULTS = (
    fault("", "The documents of a deleted project can still be read.", documents_stay, reads_documents, ("lifecycle.name-reuse",)),
    fault("-token", "A deleted project is still open to programs with an API token.", shown_to_tokens, opens_by_token),
)
