"""Documents by API; live editing over its WebSocket stands in `live`."""

from __future__ import annotations

from flows.contract.documents import Document, Pen
from products.cloudsuite.api.live import ApiPen
from products.cloudsuite.api.projects import items
from products.cloudsuite.api.session import Session
from products.http import Answer, documented, own
from products.wiring import Wiring


def document_of(answer: Answer) -> Document:
    """Read a document."""
    raw = answer.record("id", "title", "body", "version")
    return Document(id=raw["id"], title=raw["title"], body=raw["body"], version=raw["version"])


class ApiDocuments:
    """Fulfils `flows.contract.documents`."""

    def __init__(self, session: Session, wiring: Wiring) -> None:
        self.session, self.wiring = session, wiring

    def write(self, project_id: str, title: str, body: str) -> Document:
        """Store a new one."""
        answer = self.session.call("POST", f"/api/v1/projects/{project_id}/documents", 201, doing="write a document", json={"title": title, "body": body})
        return document_of(answer)

    def read(self, project_id: str, document_id: str) -> Document:
        """Read one back; its id is enough here."""
        answer = self.session.call("GET", f"/api/v1/documents/{document_id}", 200, doing=f"read a document of {project_id}")
        return own(document_of(answer), document_id, answer)

    def update(self, project_id: str, document: Document, body: str) -> Document:
        """Replace its body, saying which version was read."""
        sent = {"body": body, "version": document.version}
        answer = self.session.call("PUT", f"/api/v1/documents/{document.id}", 200, doing=f"change a document of {project_id}", json=sent)
        return own(document_of(answer), document.id, answer)

    def documents(self, project_id: str) -> dict[str, str]:
        """List them."""
        answer = self.session.call("GET", f"/api/v1/projects/{project_id}/documents", 200, doing="list the documents")
        with documented(answer):
            return {each["id"]: each["title"] for each in items(answer)}

    def delete(self, project_id: str, document_id: str) -> None:
        """Delete one; its id is enough here."""
        self.session.call("DELETE", f"/api/v1/documents/{document_id}", 204, doing=f"delete a document of {project_id}")

    def open(self, project_id: str, document_id: str) -> Pen:  # noqa: ARG002 -- its id is enough here
        """Open its socket. It is a way in of its own, with a lock of its own."""
        return ApiPen(self.wiring, document_id, self.session.token or "")
