"""Documents by page. The editor is live, so that a stale version never meets a newer one: there is no conflict here, texts are merged."""

from __future__ import annotations

from collections.abc import Callable

from flows.blame import Refused
from flows.contract.documents import Document
from flows.contract.projects import State
from flows.refusal import Reason, Refusal
from products.cloudsuite.browser.editor import Editor
from products.cloudsuite.browser.pen import BrowserPen
from products.cloudsuite.browser.projects import BrowserProjects
from products.cloudsuite.browser.window import Window

DOCUMENT = r"/d/([\w-]+)"
CREATE = "Create document"
HINDRANCES = {State.ARCHIVED: Reason.READ_ONLY, State.SUSPENDED: Reason.SUSPENDED, State.ACTIVE: Reason.FORBIDDEN}


class BrowserDocuments:
    """Fulfils `flows.contract.documents`."""

    def __init__(self, window: Window, projects: BrowserProjects, beside: Callable[[], Window]) -> None:
        self.window, self.projects, self._beside = window, projects, beside
        self.editor = Editor(window)

    def write(self, project_id: str, title: str, body: str) -> Document:
        """Make a document on the project's page and write it on its own."""
        if not self.window.shows_on(f"/p/{project_id}", self.window.button(CREATE)):
            raise self._hindrance(project_id)
        self.window.fill("New document", title)
        self.window.send(CREATE)
        document_id = self.window.landed(DOCUMENT, "making a document")
        if body:
            self.editor.replace(body)
        return self._shown(document_id)

    def read(self, project_id: str, document_id: str) -> Document:  # noqa: ARG002 -- its id is enough here
        """Open its page."""
        self.editor.open(document_id)
        return self._shown(document_id)

    def update(self, project_id: str, document: Document, body: str) -> Document:
        """Open its page and write another text."""
        self.editor.open(document.id)
        if not self.editor.condition().writable:
            raise self._hindrance(project_id)
        self.editor.replace(body)
        return self._shown(document.id)

    def documents(self, project_id: str) -> dict[str, str]:
        """Read the rows of the project's page."""
        self.window.visit(f"/p/{project_id}")
        return {self.window.datum(each, "id"): self.window.cell(each, "Title") for each in self.window.marked("document-row")}

    def delete(self, project_id: str, document_id: str) -> None:
        """Press the button of its page."""
        self.editor.open(document_id)
        if not self.window.shows(self.window.button("Delete document")):
            raise self._hindrance(project_id)
        self.window.send("Delete document")
        self.window.landed(f"/p/{project_id}", "deleting a document")

    def open(self, project_id: str, document_id: str) -> BrowserPen:  # noqa: ARG002 -- its id is enough here
        """Open its page beside the one that this person has before them."""
        return BrowserPen(self._beside(), document_id)

    def _shown(self, document_id: str) -> Document:
        return Document(id=document_id, title=self.editor.title(), body=self.editor.text())

    def _hindrance(self, project_id: str) -> Refused:
        """Say why nothing can be written: the banner of a workspace that has not paid does, else the state of the project has to."""
        state = self.projects.project(project_id).state
        if any(each.data.get("status") == "suspended" for each in self.window.marked("billing-banner")):
            return Refused(Refusal(reason=Reason.SUSPENDED, message="the page says that the workspace is suspended"))
        reason = HINDRANCES.get(state, Reason.ILLEGAL_TRANSITION)
        return Refused(Refusal(reason=reason, message=f"the pages of the {state} project let us write nothing"))
