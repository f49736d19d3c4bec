"""Documents are text files in a server, by its contents API."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

from flows.blame import Refused
from flows.contract.documents import Document
from flows.refusal import Reason
from products.http import Answer, Http
from products.jupyterhub import names, refusals
from products.jupyterhub.api.accounts import unauthenticated
from products.jupyterhub.api.session import Session
from products.wiring import Wiring

ENDING = ".txt"
LOG_IN = "/hub/login"
MOVED = 302
DENIED = 403


class ApiDocuments:
    """Fulfils `flows.contract.documents.Documents`."""

    def __init__(self, session: Session, wiring: Wiring) -> None:
        self.session = session
        self.http = Http(wiring.client())  # without cookies: the hub would give new ones to a request with a token

    def write(self, project_id: str, title: str, body: str) -> Document:
        """Save a file under its title."""
        return self._save(project_id, title + ENDING, body, doing="write a document")

    def read(self, project_id: str, document_id: str) -> Document:
        """Read a file."""
        raw = self._call("GET", project_id, document_id, doing="read a document").record("content", "path")
        return Document(id=raw["path"], title=raw["path"].removesuffix(ENDING), body=raw["content"])

    def update(self, project_id: str, document: Document, body: str) -> Document:
        """Save it again: the contents API keeps no version to compare with."""
        return self._save(project_id, document.id, body, doing="change a document")

    def _save(self, project_id: str, path: str, body: str, *, doing: str) -> Document:
        content = {"type": "file", "format": "text", "content": body}
        raw = self._call("PUT", project_id, path, doing=doing, json=content).record("path")
        return Document(id=raw["path"], title=raw["path"].removesuffix(ENDING), body=body)

    def _call(self, method: str, project_id: str, path: str, *, doing: str, **options: Any) -> Answer:
        """Ask the server. Where it does not run the hub answers in its place, and tells why on a GET only."""
        headers = {"Authorization": f"token {self.session.program()}"}
        where = f"{names.inside(project_id)}/api/contents/{quote(path)}"
        answer = self.http.send(method, where, headers=headers, **options)
        if answer.status == MOVED or (answer.status == DENIED and "html" in answer.headers.get("content-type", "")):
            told = self.http.get(where, headers=headers, follow_redirects=True)
            if urlsplit(told.url.partition(" ")[2]).path == LOG_IN:  # the hub no longer knows the token
                raise unauthenticated("the server")
            if told.status < DENIED and method != "GET":
                raise answer.unexpected(doing)
            answer = told
        try:
            return refusals.check(answer, 200, 201, doing=doing)
        except Refused as refused:
            if refused.refusal.reason is Reason.FORBIDDEN:
                self.session.whoami()  # a server says no more than this to a dead token
            if refused.refusal.reason is Reason.SUSPENDED and names.spawn_path(project_id) not in refused.refusal.message:
                raise Refused(replace(refused.refusal, reason=Reason.NOT_FOUND)) from None  # one that is gone: the hub offers to start the default server
            raise
