"""Documents are text files, written and read in JupyterLab."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from flows.blame import ProductFault, Refused
from flows.contract.documents import Document
from flows.refusal import Reason, Refusal
from products.jupyterhub import names
from products.jupyterhub.browser.window import Window

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Response

ENDING = ".txt"
REFUSED, NAMESAKE, BROKEN = 400, 409, 500
LOADED = "() => !document.querySelector('.jp-Spinner')"
"""JupyterLab has the editor in place before its text, beneath a spinner."""

LINES = "editor => [...editor.querySelectorAll('.cm-line')].map(line => line.textContent).join('\\n')"


class BrowserDocuments:
    """Fulfils `flows.contract.documents.Documents`."""

    def __init__(self, window: Window) -> None:
        self.window = window

    def write(self, project_id: str, title: str, body: str) -> Document:
        """Begin a text file, type, save it under its title."""
        window, page = self.window, self.window.page
        self._open(project_id, "?reset")
        window.press("Text File")
        self._type(body)
        dialog = page.get_by_role("dialog")
        window.doing(lambda: page.keyboard.press("Control+s"), "an editor")
        window.doing(lambda: dialog.get_by_role("textbox").fill(title + ENDING), "a question for the file's name")
        self._saved(project_id, title + ENDING, lambda: window.press("Rename and Save", within=dialog))
        return Document(id=title + ENDING, title=title, body=body)

    def read(self, project_id: str, document_id: str) -> Document:
        """Open the file and read what the editor shows."""
        self._open_file(project_id, document_id)
        shown = self.window.doing(lambda: self._editor().evaluate(LINES), "the text of the file")
        return Document(id=document_id, title=document_id.removesuffix(ENDING), body=shown)

    def update(self, project_id: str, document: Document, body: str) -> Document:
        """Type over the file, in the editor that is open where one is."""
        if not self._is_open(project_id, document.id):
            self._open_file(project_id, document.id)
        self._type(body)
        self._saved(project_id, document.id, lambda: self.window.page.keyboard.press("Control+s"))
        return Document(id=document.id, title=document.title, body=body)

    def _open(self, project_id: str, place: str) -> None:
        """Open a place in the server's JupyterLab."""
        window = self.window
        status = window.enter(f"{names.inside(project_id)}/lab{place}")
        window.consent()
        if status >= REFUSED or not window.path().startswith("/user/"):
            heading = window.said(window.page.get_by_role("heading", level=1), "JupyterLab")
            if heading == "Server not running":
                known = window.page.get_by_text(f"Your server {names.parts(project_id)[1]} is not running").is_visible()
                raise Refused(Refusal(Reason.SUSPENDED if known else Reason.NOT_FOUND, heading, status=status))
            window.declined("open JupyterLab", window.page.get_by_role("heading", level=1))

    def _open_file(self, project_id: str, path: str) -> None:
        self._open(project_id, f"/tree/{quote(path)}")
        missing = self.window.page.get_by_role("dialog").filter(has_text="Could not find path")
        if self.window.await_any(self._editor(), missing, what=f"the file {path}"):
            raise Refused(Refusal(Reason.NOT_FOUND, self.window.said(missing, f"the file {path}")))
        self._loaded()

    def _loaded(self) -> None:
        """Wait until an editor shows its text."""
        self.window.doing(lambda: self.window.page.wait_for_function(LOADED), "an editor that has loaded its text")

    def _is_open(self, project_id: str, path: str) -> bool:
        return unquote(self.window.path()) == unquote(f"{names.inside(project_id)}/lab/tree/{quote(path)}") and self._editor().is_visible()

    def _editor(self) -> Locator:
        return self.window.page.locator(".jp-FileEditor .cm-content")

    def _type(self, body: str) -> None:
        def typing() -> None:
            self._editor().click()
            self._editor().fill(body)

        self.window.doing(self._editor().wait_for, "an editor")
        self._loaded()
        self.window.doing(typing, "an editor")

    def _saved(self, project_id: str, path: str, save: Callable[[], object]) -> None:
        """Save, and see the server's answer to it."""

        def stored(answer: Response) -> bool:
            where = unquote(urlsplit(answer.url).path)
            if "/api/contents/" not in where:
                return False
            if answer.request.method == "PUT":
                return where.endswith(f"/{path}") or answer.status >= REFUSED
            return answer.request.method == "PATCH"  # a new file is saved first, then named

        def saving() -> Response:
            with self.window.page.expect_response(stored) as awaited:
                save()
            return awaited.value

        try:
            answer: Response = self.window.doing(saving, f"an answer to saving {path}")
        except ProductFault:
            if self.window.page.get_by_role("dialog").filter(has_text="changed on disk").is_visible():
                raise Refused(Refusal(Reason.CONFLICT, f"{path} has changed on disk")) from None
            raise
        if answer.status == NAMESAKE:
            raise Refused(Refusal(Reason.TAKEN, f"there is a file {path}", status=answer.status))
        if answer.status >= BROKEN:
            msg = f"saving {path} answered {answer.status}"
            raise ProductFault(msg)
        if answer.status >= REFUSED:
            self._open(project_id, "")  # tells whether the server still runs
            raise Refused(Refusal(Reason.FORBIDDEN, f"saving {path}", status=answer.status))
