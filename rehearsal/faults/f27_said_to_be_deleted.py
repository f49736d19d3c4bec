"""F27: a document, a workspace, an account: said to be deleted, and there as before."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def document_stays(seams: Seams) -> None:
    """Deleting a document asks for the right, and does nothing."""
    from products.cloudsuite.app.domain import documents

    @seams.instead_of(documents, "delete")
    def nothing(_original: Any, tx: Any, actor: Any, document_id: str) -> None:
        documents.writable(tx, actor, document_id)


def workspace_stays(seams: Seams) -> None:
    """Deleting a workspace asks for the right, and does nothing."""
    from products.cloudsuite.app.domain import roles, workspaces

    @seams.instead_of(workspaces, "delete")
    def nothing(_original: Any, tx: Any, actor: Any, workspace_id: str) -> None:
        roles.require(tx, actor, workspace_id, roles.Right.DELETE_WORKSPACE)


def account_stays(seams: Seams) -> None:
    """Who erases their account is told that it is gone."""
    from products.cloudsuite.app import refusals
    from products.cloudsuite.app.domain import accounts, workspaces

    @seams.instead_of(accounts, "delete")
    def nothing(_original: Any, tx: Any, actor: Any) -> None:
        if any(workspaces.is_shared(tx, each) for each in workspaces.only_owned_by(tx, actor.id)):
            raise refusals.last_owner()


def reads_document(probe: Probe) -> str:
    """Delete a document, and read it."""
    person = probe.person()
    path = f"/api/v1/documents/{person.document(person.project())}"
    ok(person.http.delete(path), 204)
    answer = person.http.get(path)
    return f"a document that was deleted is read with {answer.status_code}" if answer.is_success else ""


def opens_workspace(probe: Probe) -> str:
    """Found a workspace, delete it, and look at it."""
    person = probe.person()
    path = f"/api/v1/workspaces/{ok(person.http.post('/api/v1/workspaces', json={'name': 'probe'}), 201).json()['id']}"
    ok(person.http.delete(path), 204)
    answer = person.http.get(path)
    return f"a workspace that was deleted is shown with {answer.status_code}" if answer.is_success else ""


def is_somebody(probe: Probe) -> str:
    """Erase an account as its holder, and ask who is logged in."""
    person = probe.person()
    ok(person.http.request("DELETE", "/api/v1/me", json={"password": person.password}), 204)
    answer = person.http.get("/api/v1/me")
    return f"an account that erased itself is shown to its session with {answer.status_code}" if answer.is_success else ""


FAULTS = (
    Fault(
        id="F27-document",
        title="Deleting a document does nothing.",
        layer=Layer.APPLICATION,
        journey="lifecycle",
        risk="zombie-access",
        expects=Expected("lifecycle.document-deleted", "platform", "critical"),
        silent=True,
        inject=document_stays,
        oracle=reads_document,
    ),
    Fault(
        id="F27-workspace",
        title="Deleting a workspace does nothing.",
        layer=Layer.APPLICATION,
        journey="collaboration",
        risk="zombie-access",
        expects=Expected("collaboration.further-workspace", "workspace", "error"),
        silent=True,
        inject=workspace_stays,
        oracle=opens_workspace,
    ),
    Fault(
        id="F27-oneself",
        title="Whoever erases their account is told that it is gone, and it is not.",
        layer=Layer.APPLICATION,
        journey="account",
        risk="half-erased",
        expects=Expected("account.erase-oneself", "identity", "error"),
        silent=True,
        inject=account_stays,
        oracle=is_somebody,
    ),
)
