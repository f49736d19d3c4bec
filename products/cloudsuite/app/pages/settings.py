"""The account's own page: name, address, password, API tokens, and the end of it."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from products.cloudsuite.app.access import SESSION_COOKIE, PageVisit, Visit
from products.cloudsuite.app.domain import accounts, sessions, tokens
from products.cloudsuite.app.refusals import Refusal

router = APIRouter()


@router.get("/settings")
def show(visit: PageVisit) -> Response:
    return _page(visit)


@router.post("/settings/name")
def rename(visit: PageVisit) -> Response:
    try:
        with visit.writing() as (tx, actor):
            accounts.rename(tx, actor, visit.text("name"))
    except Refusal as refusal:
        return _page(visit, "name", refusal)
    return visit.go("/settings", notice="saved")


@router.post("/settings/email")
def ask_to_change_email(visit: PageVisit) -> Response:
    try:
        with visit.confirmed(visit.text("password")) as (tx, actor):
            accounts.ask_to_change_email(tx, actor, visit.text("email"), ttl=visit.settings.verification_ttl_seconds)
    except Refusal as refusal:
        return _page(visit, "email", refusal)
    return visit.go("/settings", notice="confirm-new-email")


@router.post("/settings/password")
def change_password(visit: PageVisit) -> Response:
    """Ends every session, and opens a new one for this browser."""
    new, settings = visit.text("new_password"), visit.settings
    try:
        with visit.confirmed(visit.text("password")) as (tx, actor):
            accounts.set_password(tx, actor.id, new, cost=settings.password_cost, field="new_password")
            opened = sessions.open_session(tx, actor.id, settings.session_ttl_seconds)
    except Refusal as refusal:
        return _page(visit, "password", refusal)
    response = visit.go("/settings", notice="password-saved")
    visit.keep_session(response, opened)
    return response


@router.post("/settings/tokens")
def create_token(visit: PageVisit) -> Response:
    """Answers with the page itself: a redirect could not carry the secret, which is shown this once."""
    try:
        with visit.writing() as (tx, actor):
            created = tokens.create(tx, actor, visit.text("name"))
    except Refusal as refusal:
        return _page(visit, "token", refusal)
    return _page(visit, secret=created["token"])


@router.post("/settings/tokens/{token_id}/revoke")
def revoke_token(visit: PageVisit, token_id: str) -> Response:
    with visit.writing() as (tx, actor):
        tokens.revoke(tx, actor, token_id)
    return visit.go("/settings", notice="token-revoked")


@router.post("/settings/sign-out-everywhere")
def sign_out_everywhere(visit: PageVisit) -> Response:
    with visit.writing() as (tx, actor):
        sessions.sign_out_everywhere(tx, actor.id)
    return _gone(visit, "/login", "signed-out-everywhere")


@router.post("/settings/delete")
def delete(visit: PageVisit) -> Response:
    try:
        with visit.confirmed(visit.text("password")) as (tx, actor):
            accounts.delete(tx, actor)
    except Refusal as refusal:
        return _page(visit, "delete", refusal)
    return _gone(visit, "/", "account-deleted")


def _page(visit: Visit, form: str = "", refusal: Refusal | None = None, secret: str = "") -> Response:
    """`form` is the one that was refused; `secret` a new token to show."""
    with visit.reading() as (tx, actor):
        held = tokens.listing(tx, actor)
    return visit.page("settings.html", refusal=refusal, refused_form=form, tokens=held, secret=secret)


def _gone(visit: Visit, path: str, notice: str) -> Response:
    response = visit.go(path, notice=notice)
    response.delete_cookie(SESSION_COOKIE)
    return response
