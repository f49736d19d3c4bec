"""What a router is given: who calls, the database, and for pages the form and a way to answer."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.requests import HTTPConnection

from products.cloudsuite.app import refusals
from products.cloudsuite.app.db import Database, Tx
from products.cloudsuite.app.domain import sessions, workspaces
from products.cloudsuite.app.domain.names import clean_email
from products.cloudsuite.app.domain.ratelimit import Limiter
from products.cloudsuite.app.domain.sessions import Actor
from products.cloudsuite.app.live import Hub
from products.cloudsuite.app.notices import NOTICES
from products.cloudsuite.app.refusals import Refusal
from products.cloudsuite.app.rendering import render
from products.cloudsuite.app.settings import Settings
from products.cloudsuite.app.telemetry import FinishedProvisionings

SESSION_COOKIE = "cs_session"
VISIT_COOKIE = "cs_visit"
"""Ties forms to a browser that has not signed in."""


@dataclass(frozen=True)
class Product:
    """What the whole application shares."""

    settings: Settings
    database: Database
    signups: Limiter
    login_failures: Limiter
    hub: Hub
    finished_provisionings: FinishedProvisionings


def bearer(request: HTTPConnection) -> str | None:
    """The token of the Authorization header."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


class Call:
    """An API request. `reading` and `writing` open a transaction and tell who asks, or refuse."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.product: Product = request.app.state.product
        self.settings = self.product.settings
        self.database = self.product.database
        self.client_address = request.client.host if request.client else "unknown"
        self.token = bearer(request)

    @contextmanager
    def reading(self) -> Iterator[tuple[Tx, Actor]]:
        """A view of the database, and who asks."""
        with self.database.reading() as tx:
            yield tx, sessions.authenticate(tx, self.token)

    @contextmanager
    def writing(self) -> Iterator[tuple[Tx, Actor]]:
        """A transaction, and who asks: the right to ask holds until the commit."""
        with self.database.transaction() as tx:
            yield tx, sessions.authenticate(tx, self.token)

    @contextmanager
    def confirmed(self, password: str) -> Iterator[tuple[Tx, Actor]]:
        """As `writing`, for what only the owner of the password may do."""
        with self.writing() as (tx, actor):
            failures, cost = self.product.login_failures, self.settings.password_cost
            sessions.confirm_password(tx, actor, password, failures=failures, cost=cost)
            yield tx, actor

    def sign_in(self, email: str, password: str) -> sessions.Opened:
        """A new session."""
        with self.database.transaction() as tx:
            return sessions.sign_in(
                tx,
                clean_email(email),
                password,
                failures=self.product.login_failures,
                cost=self.settings.password_cost,
                ttl=self.settings.session_ttl_seconds,
            )


class Visit(Call):
    """A page request: the session comes from the cookie, the form is text by field name."""

    def __init__(self, request: Request, form: Mapping[str, str]) -> None:
        super().__init__(request)
        self.form = form
        self.token = request.cookies.get(SESSION_COOKIE)
        self._known_browser = request.cookies.get(VISIT_COOKIE)
        self._browser = self._known_browser or secrets.token_urlsafe(24)

    @property
    def csrf_token(self) -> str:
        """Proves that a form came from us, in this browser and this session."""
        return hmac.new((self.token or self._browser).encode(), b"csrf", hashlib.sha256).hexdigest()

    def require_csrf(self) -> None:
        """Refuse a form that does not carry the token."""
        if not hmac.compare_digest(self.form.get("csrf_token", "").encode(), self.csrf_token.encode()):
            raise refusals.csrf_failed()

    def text(self, name: str) -> str:
        """A field of the form; a missing one is empty."""
        return self.form.get(name, "")

    def actor(self) -> Actor | None:
        """Who is signed in, if anybody. Opens its own transaction."""
        try:
            with self.reading() as (_, actor):
                return actor
        except Refusal:
            return None

    def page(
        self,
        template: str,
        *,
        workspace: Mapping[str, object] | None = None,
        refusal: Refusal | None = None,
        **values: object,
    ) -> HTMLResponse:
        """Render a page. Call it outside of a transaction: it reads who is signed in, and their workspaces.

        A refusal gives the page its status and is told at its field or at the top. `workspace` makes the page
        one of that workspace.
        """
        actor = self.actor()
        mine = []
        if actor:
            with self.database.reading() as tx:
                mine = workspaces.of_account(tx, actor.id)
        text = render(
            template,
            visit=self,
            actor=actor,
            workspaces=mine,
            workspace=workspace,
            refusal=refusal,
            notice=NOTICES.get(self.request.query_params.get("notice", "")),
            form_id=secrets.token_urlsafe(16),
            **values,
        )
        response = HTMLResponse(text, refusal.status if refusal else 200)
        response.headers["Cache-Control"] = "no-store"
        if refusal and refusal.retry_after is not None:
            response.headers["Retry-After"] = str(refusal.retry_after)
        if not self._known_browser:
            self.set_cookie(response, VISIT_COOKIE, self._browser)
        return response

    def go(self, path: str, *, notice: str | None = None, **query: str) -> RedirectResponse:
        """Send the browser on after a form; `notice` is a key of NOTICES."""
        given = query | ({"notice": notice} if notice else {})
        return RedirectResponse(f"{path}?{urlencode(given)}" if given else path, 303)

    def keep_session(self, response: Response, opened: sessions.Opened) -> None:
        """Have the browser show the session from now on."""
        self.set_cookie(response, SESSION_COOKIE, opened.token, int(self.settings.session_ttl_seconds))

    def set_cookie(self, response: Response, name: str, value: str, max_age: int | None = None) -> None:
        """A cookie that scripts cannot read and other sites' forms do not carry; `max_age` in seconds."""
        response.set_cookie(name, value, max_age=max_age, path="/", httponly=True, secure=self.settings.secure, samesite="lax")


async def open_visit(request: Request) -> Visit:
    """The visit of a page request; a POST without the right CSRF token goes no further."""
    form = await request.form() if request.method == "POST" else {}
    visit = Visit(request, {name: value for name, value in form.items() if isinstance(value, str)})
    if request.method == "POST":
        visit.require_csrf()
    return visit


def require_operator(request: Request) -> None:
    """Let only the operator pass."""
    expected = request.app.state.product.settings.operator_token
    if not expected or not hmac.compare_digest((bearer(request) or "").encode(), expected.encode()):
        raise refusals.unauthenticated()


ApiCall = Annotated[Call, Depends(Call)]
PageVisit = Annotated[Visit, Depends(open_visit)]
