"""Tiny as the suite knows it: a product in one folder, which may stand anywhere."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import httpx
from tiny.server import serving

from flows.blame import ProductFault, Refused
from flows.contract.accounts import Account, Sessions, SignUp
from flows.contract.driver import Driver, Offer, Surface
from flows.contract.mail import Letter, Mail
from flows.contract.operator import Erasure
from flows.naming import Identity
from flows.refusal import Reason, Refusal
from products.http import Http
from products.pages import Pages
from products.wiring import Running, Wiring


def refuse(reason: Reason, status: int) -> Refused:
    """Say no as Tiny does."""
    return Refused(Refusal(reason, status=status))


class Desk:
    """What can be done about an account, by API."""

    def __init__(self, http: Http) -> None:
        self.http = http
        self.headers: dict[str, str] = {}

    def register(self, identity: Identity, *, times: int = 1) -> None:
        """Sign up."""
        for _ in range(times):
            answer = self.http.post("/accounts", json={"email": identity.email, "name": identity.name, "password": identity.password})
            if answer.status == 409:
                raise refuse(Reason.TAKEN, answer.status)

    def log_in(self, email: str, password: str) -> None:
        """Log in."""
        answer = self.http.post("/sessions", json={"email": email, "password": password})
        if answer.status == 401:
            raise refuse(Reason.BAD_CREDENTIALS, answer.status)
        self.headers = {"Authorization": f"Bearer {answer.record('token')['token']}"}

    def log_out(self) -> None:
        """Log out."""
        self.headers = {}

    def whoami(self) -> Account:
        """Say who is logged in."""
        answer = self.http.get("/me", headers=self.headers)
        if answer.status == 401:
            raise refuse(Reason.UNAUTHENTICATED, answer.status)
        said = answer.record("id", "email")
        return Account(id=said["id"], email=said["email"])


class Person:
    """Somebody with an HTTP client."""

    accounts: Desk

    def __init__(self, client: httpx.Client) -> None:
        self.accounts = Desk(Http(client))

    def close(self) -> None:
        """Leave."""
        self.accounts.http.close()


class Form:
    """What can be done about an account, by its page."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages

    def register(self, identity: Identity, *, times: int = 1) -> None:
        """Sign up; the page logs in too."""
        self.log_in(identity.email, identity.password)

    def log_in(self, email: str, password: str) -> None:
        """Log in."""
        self.pages.go("/?next=where-the-link-leads")
        self.pages.fill("Email", email)
        self.pages.fill("Password", password)
        self.pages.submit("Go")

    def log_out(self) -> None:
        """Log out."""
        self.pages.context.clear_cookies()

    def whoami(self) -> Account:
        """Say whom the page greets."""
        self.pages.go("/")
        email = self.pages.page.get_by_role("heading").inner_text().removeprefix("Hello ")
        return Account(id=email, email=email)


class Visitor:
    """Somebody with a browser."""

    accounts: Form

    def __init__(self, wiring: Wiring) -> None:
        self.accounts = Form(Pages(wiring.context(), wiring.url))

    def close(self) -> None:
        """Leave."""
        self.accounts.pages.close()


class Staff:
    """The operator."""

    def __init__(self, http: Http) -> None:
        self.http = http

    def find_account(self, email: str) -> str | None:
        """Look for an account."""
        answer = self.http.get("/accounts", params={"email": email})
        return str(answer.record("id")["id"]) if answer.status == 200 else None

    def erase_account(self, account_id: str) -> None:
        """Erase it."""
        answer = self.http.delete(f"/accounts/{account_id}")
        if answer.status == 409:
            raise refuse(Reason.CONFLICT, answer.status)


class ApiDriver(Driver):
    """By API."""

    surface = Surface.API
    offers: ClassVar[Collection[Offer]] = (SignUp, Sessions, Erasure)
    actor = Person

    def __init__(self, wiring: Wiring) -> None:
        self.wiring = wiring

    def stranger(self) -> Person:
        """Come."""
        return Person(self.wiring.client())

    def operator(self) -> Staff:  # type: ignore[override]  # it offers no more
        """Return the operator."""
        return Staff(Http(self.wiring.client()))

    def letter(self, mail: Mail) -> Letter | None:
        """Send none."""
        return None


class BrowserDriver(ApiDriver):
    """By its page."""

    surface = Surface.BROWSER
    actor = Visitor  # type: ignore[assignment]

    def stranger(self) -> Visitor:  # type: ignore[override]
        """Come."""
        return Visitor(self.wiring)


class Tiny:
    """The product."""

    name = "tiny"
    drivers: ClassVar[dict[Surface, type[Driver]]] = {Surface.API: ApiDriver, Surface.BROWSER: BrowserDriver}

    @contextmanager
    def serve(self, folder: Path, smtp: tuple[str, int] | None) -> Iterator[Running]:
        """Start it, with a file beside the run's folder that holds what must not leave it."""
        with serving(folder.parent.parent / "sessions.txt") as server:
            yield Running(url=server.url, ca=None, secrets={"operator_token": "an-operators-token-nobody-may-see"}, version="Tiny 1")

    def version(self, client: httpx.Client) -> str:
        """Ask who it is."""
        said = Http(client).get("/version").record("product", "version")
        if said["product"] != "Tiny":
            raise ProductFault(f"{client.base_url} is '{said['product']}', not Tiny")
        return f"{said['product']} {said['version']}"


PRODUCT = Tiny()
