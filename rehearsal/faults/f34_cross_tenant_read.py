"""F34: a document is read by somebody of another tenant, who knows its id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.application.seams import OWNER_OF_PROJECT, Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe


def both(about: Mapping[str, Any]) -> str:
    """Return the address of the reader, where the document belongs to somebody of the same mail domain: nobody else's must be shown, not even in a drill."""
    reader = str(about["actor"].email)
    found = (
        about["tx"].execute(OWNER_OF_PROJECT.replace("p.id = ?", "p.id = (SELECT project_id FROM documents WHERE id = ?)"), (about["document_id"],)).fetchone()
    )
    return reader if found and str(found[0]).rpartition("@")[2] == reader.rpartition("@")[2] else ""


def inject(seams: Seams) -> None:
    """Nobody asks whether the reader is a member."""
    from products.cloudsuite.app.domain import documents, projects
    from products.cloudsuite.app.transitions import HIDDEN

    @seams.instead_of(documents, "readable", whose=both)
    def blind(original: Any, tx: Any, actor: Any, document_id: str) -> Any:
        document = documents._load(tx, document_id)
        return original(tx, actor, document_id) if projects.load(tx, document.project_id).state in HIDDEN else document


def oracle(probe: Probe) -> str:
    """Write a document in one workspace, and read it as somebody who is in another."""
    owner, stranger = probe.person(), probe.person("stranger")
    document = owner.document(owner.project(), "for the owner alone")
    answer = stranger.http.get(f"/api/v1/documents/{document}")
    return f"somebody of another workspace read a document with {answer.status_code}" if answer.is_success else ""


FAULT = Fault(
    id="F34",
    title="Somebody of another tenant can read a document.",
    layer=Layer.APPLICATION,
    journey="collaboration",
    risk="data-leak",
    expects=Expected("provisioning.tenant-isolation", "platform", "critical"),
    permits=("collaboration.removed-member", "collaboration.leave"),  # a removed member is such a stranger, too
    silent=True,
    inject=inject,
    oracle=oracle,
    doses=(100, 50, 25, 10),
)
