"""People who use Cloud Suite: by its API, and with a browser."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

from starlette.testclient import TestClient

from products.cloudsuite.app.db import Database
from products.cloudsuite.app.settings import Settings
from products.cloudsuite.app.web import create_app

PASSWORD = "correct horse battery"
OPERATOR = {"Authorization": "Bearer operator-token"}


class Suite:
    """The product and its outbox."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.client = TestClient(create_app(settings), follow_redirects=False)
        self.database: Database = self.client.app.state.product.database  # type: ignore[attr-defined]
        self._numbers = itertools.count(1)

    def mail_token(self, recipient: str, letter: str) -> str:
        """The token in the latest letter of this kind."""
        with self.database.reading() as tx:
            row = tx.execute("SELECT particulars FROM outbox WHERE recipient = ? AND letter = ? ORDER BY id DESC", (recipient, letter)).fetchone()
        return str(json.loads(row["particulars"])["token"])

    def letters(self, recipient: str) -> list[str]:
        with self.database.reading() as tx:
            rows = tx.execute("SELECT letter FROM outbox WHERE recipient = ? ORDER BY id", (recipient,))
            return [row["letter"] for row in rows]

    def sign_up(self, email: str | None = None, **more: str) -> str:
        """An address that signed up and has not confirmed."""
        email = email or f"person{next(self._numbers)}@example.com"
        body = {"name": "A Person", "email": email, "password": PASSWORD} | more
        answer = self.client.post("/api/v1/accounts", json=body)
        assert answer.status_code == 201, answer.text
        return email

    def person(self, email: str | None = None, **more: str) -> Person:
        """Somebody who signed up, confirmed and signed in."""
        email = self.sign_up(email, **more)
        self.client.post("/api/v1/accounts/verify", json={"token": self.mail_token(email, "verification")})
        return Person(self, email)


class Person:
    """A signed-in account that calls the API."""

    def __init__(self, suite: Suite, email: str) -> None:
        self.suite, self.email = suite, email
        self.token = self.sign_in().json()["token"]
        self.id: str = self.call("GET", "/me").json()["id"]

    def sign_in(self, password: str = PASSWORD) -> Any:
        return self.suite.client.post("/api/v1/sessions", json={"email": self.email, "password": password})

    def call(self, method: str, path: str, body: object = None, token: str | None = None) -> Any:
        headers = {"Authorization": f"Bearer {token or self.token}"}
        return self.suite.client.request(method, f"/api/v1{path}", json=body, headers=headers)

    @property
    def workspace(self) -> str:
        """The first workspace."""
        return str(self.call("GET", "/workspaces").json()["items"][0]["id"])

    def invite(self, email: str, role: str = "editor", workspace: str | None = None) -> Any:
        return self.call("POST", f"/workspaces/{workspace or self.workspace}/invitations", {"email": email, "role": role})

    def admit(self, other: Person, role: str = "editor") -> None:
        """Invite somebody, who accepts."""
        assert self.invite(other.email, role).status_code == 201
        token = self.suite.mail_token(other.email, "invitation")
        assert other.call("POST", "/invitations/accept", {"token": token}).status_code == 200


class Browser:
    """A browser that fills in forms."""

    def __init__(self, suite: Suite) -> None:
        self.client = TestClient(suite.client.app, follow_redirects=False)

    def open(self, path: str) -> Any:
        return self.client.get(path)

    def submit(self, page: str, action: str, **fields: str) -> Any:
        """Post to `action` with the hidden fields of `page`."""
        text = self.open(page).text
        hidden = {name: re.search(rf'name="{name}" value="([^"]*)"', text)[1] for name in ("csrf_token", "form_id")}  # type: ignore[index]
        return self.client.post(action, data=hidden | fields)
