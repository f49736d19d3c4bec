"""F24: documents can be read by who knows their address, and the list of the project is empty."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def inject(seams: Seams) -> None:
    """The list is empty."""
    from products.cloudsuite.app.domain import documents

    @seams.instead_of(documents, "of_project")
    def nothing(_original: Any, _tx: Any, _actor: Any, _project_id: str) -> list[Any]:
        return []


def oracle(probe: Probe) -> str:
    """Write a document, and look for it in the list."""
    person = probe.person()
    project = person.project()
    document = person.document(project)
    listed = [each["id"] for each in ok(person.http.get(f"/api/v1/projects/{project}/documents"), 200).json()["items"]]
    return "" if document in listed else f"a document that was written is not among the {len(listed)} that the project lists"


FAULT = Fault(
    id="F24-documents",
    title="The list of a project's documents is empty.",
    layer=Layer.APPLICATION,
    journey="lifecycle",
    risk="data-lost",
    expects=Expected("lifecycle.document-list", "platform", "error"),
    permits=("lifecycle.document-deleted",),  # it looks for the document that stays
    silent=True,
    inject=inject,
    oracle=oracle,
    doses=(100, 50, 25, 10),
)
