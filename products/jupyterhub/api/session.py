"""The session of one actor: the cookies of a log-in, or a token alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows import trail
from flows.refusal import Reason
from products.http import Answer, Http
from products.jupyterhub import names, refusals
from products.wiring import Wiring

LOG_IN = "jupyterhub-hub-login"
ANONYMOUS = {"Forbidden": Reason.UNAUTHENTICATED}
"""What the hub's API says to somebody whom it does not know."""


class Session:
    """Sends requests in the name of this actor."""

    def __init__(self, wiring: Wiring, token: str | None = None) -> None:
        self.url = wiring.url
        self.http = Http(wiring.client())
        self.token = token
        self.name: str | None = None
        self._program: str | None = None

    def call(self, method: str, path: str, *expected: int, doing: str, meaning: Mapping[str, Reason] | None = None, **options: Any) -> Answer:
        """Send a request to the hub and return its answer, one of the statuses `expected`.

        Raises:
            Refused: the hub declined.
            ProductFault: it answered anything else.
        """
        headers = self._credentials(method)
        return refusals.check(self.http.send(method, path, headers=headers, **options), *expected, doing=doing, meaning=meaning)

    def _credentials(self, method: str) -> dict[str, str]:
        if self.token:
            return {"Authorization": f"token {self.token}"}
        return {} if method == "GET" else {"X-XSRFToken": self.xsrf()}

    def form(self, page: str, doing: str, fields: Mapping[str, str], *expected: int, **options: Any) -> Answer:
        """Open the page of a form, and send the form."""
        self.http.get(page)
        return refusals.check(self.http.post(page, data={**fields, "_xsrf": self.xsrf()}, **options), *expected, doing=doing)

    def xsrf(self) -> str:
        """Return the token that the hub wants with every change; it is a cookie of any page."""
        if not (found := self._cookie("_xsrf")):
            self.http.get("/hub/login")
            found = self._cookie("_xsrf")
        return found

    def _cookie(self, name: str) -> str:
        return next((cookie.value or "" for cookie in self.http.client.cookies.jar if cookie.name == name and cookie.path == "/hub/"), "")

    def opened(self, name: str) -> None:
        """Take note of a log-in, and keep its cookie out of every report."""
        self.name, self._program = name, None
        trail.current().secrets.add(self._cookie(LOG_IN))

    def closed(self) -> None:
        """Take note of a log-out."""
        self._program = None

    def me(self) -> str:
        """Return this actor's user name.

        Raises:
            Refused: UNAUTHENTICATED.
        """
        if self.name is None:
            self.name = self.whoami()
        return self.name

    def whoami(self) -> str:
        """Ask the hub for this actor's user name."""
        return str(self.call("GET", "/hub/api/user", 200, doing="ask who is logged in", meaning=ANONYMOUS).record("name")["name"])

    def issue(self) -> str:
        """Make a token that may do all that this actor may."""
        body = {"note": "synthetic"}
        said = self.call("POST", f"{names.user_path(self.me())}/tokens", 201, doing="make a token", meaning=ANONYMOUS, json=body).record("token")
        trail.current().secrets.add(said["token"])
        return str(said["token"])

    def program(self) -> str:
        """Return the token that programs of this actor use at a server: servers know no cookie of the hub."""
        if self.token:
            return self.token
        if self._program is None:
            self._program = self.issue()
        return self._program

    def copy_to(self, other: Session) -> None:
        """Give another session the cookies and the name, as a thief of the cookies would have them."""
        other.http.client.cookies.update(self.http.client.cookies)
        other.name = self.name

    def own_link(self, link: str) -> str:
        """Return a link as an absolute address of this hub."""
        return names.own_link(link, self.url)
