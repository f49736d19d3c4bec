"""The session of one actor: a bearer token, and the workspace they work in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx

from flows import trail
from flows.blame import ProductFault
from products.cloudsuite.refusals import check
from products.http import Answer, Http, documented


class Session:
    """Sends requests with this actor's token."""

    def __init__(self, client: httpx.Client) -> None:
        self.http = Http(client)
        self.token: str | None = None
        self.workspace: str | None = None

    def call(self, method: str, path: str, *expected: int, doing: str, **options: Any) -> Answer:
        """Send a request and return its answer, one of the statuses `expected`.

        Raises:
            Refused: the product declined.
            ProductFault: it answered anything else.
        """
        headers = dict(options.pop("headers", {}))
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return check(self.http.send(method, path, headers=headers, **options), *expected, doing=doing)

    def bear(self, token: str) -> None:
        """Use this token from now on, and keep it out of every report."""
        trail.current().secrets.add(token)
        self.token = token

    def place(self) -> str:
        """Return the workspace that they work in: the first of theirs, until they enter another."""
        if self.workspace is None:
            answer = self.call("GET", "/api/v1/workspaces", 200, doing="list the workspaces")
            listed = answer.record("items")["items"]
            if not listed:
                msg = "the account has no workspace"
                raise ProductFault(msg)
            with documented(answer):
                self.workspace = listed[0]["id"]
        return self.workspace

    def own_link(self, link: str) -> None:
        """Check that a link leads to this product.

        Raises:
            ProductFault: it leads elsewhere.
        """
        origin = urlsplit(str(self.http.client.base_url))
        if urlsplit(link)[:2] != origin[:2]:
            msg = f"a link leads to {'://'.join(urlsplit(link)[:2])}, not to {'://'.join(origin[:2])}: a customer would be lost"
            raise ProductFault(msg)
