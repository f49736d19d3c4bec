"""Signing up and in, and every page that a mailed link leads to. Showing one consumes nothing."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from products.cloudsuite.app.access import SESSION_COOKIE, PageVisit, Visit
from products.cloudsuite.app.api.accounts import SignUp, register
from products.cloudsuite.app.domain import accounts, invitations, resets, sessions, workspaces
from products.cloudsuite.app.refusals import Refusal

router = APIRouter()

OWN_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]*")
"""A path on this site: one slash first, no backslash, no space or control character."""


@router.get("/signup")
def sign_up_form(visit: PageVisit, invitation: str = "") -> Response:
    return visit.page("signup.html", invitation=invitation, invited=_invited_address(visit, invitation))


@router.post("/signup")
def sign_up(visit: PageVisit) -> Response:
    asked = SignUp(
        name=visit.text("name"),
        email=visit.text("email"),
        password=visit.text("password"),
        invitation=visit.text("invitation") or None,
    )
    try:
        account = register(visit, asked, visit.text("form_id"))
    except Refusal as refusal:
        return visit.page("signup.html", refusal=refusal, invitation=asked.invitation or "", invited="")
    return visit.go("/signup/sent", email=account["email"])


@router.get("/signup/sent")
def check_your_mail(visit: PageVisit, email: str = "") -> Response:
    return visit.page("signup_sent.html", email=email)


@router.post("/signup/sent")
def send_verification_again(visit: PageVisit) -> Response:
    email = visit.text("email")
    try:
        with visit.database.transaction() as tx:
            accounts.send_verification_again(tx, email, visit.settings.verification_ttl_seconds)
    except Refusal as refusal:
        return visit.page("signup_sent.html", refusal=refusal, email=email)
    return visit.go("/signup/sent", notice="mail-sent", email=email)


@router.get("/verify")
def verify_form(visit: PageVisit, token: str = "") -> Response:
    return visit.page("verify.html", token=token)


@router.post("/verify")
def verify(visit: PageVisit) -> Response:
    try:
        with visit.database.transaction() as tx:
            account = accounts.verify(tx, visit.text("token"))
    except Refusal as refusal:
        return visit.page("verify.html", refusal=refusal, token=visit.text("token"))
    return visit.go("/login", notice="already-verified" if "already_verified" in account else "verified")


@router.get("/login")
def sign_in_form(visit: PageVisit, path: Annotated[str, Query(alias="next")] = "") -> Response:
    return visit.page("login.html", next=path)


@router.post("/login")
def sign_in(visit: PageVisit) -> Response:
    try:
        opened = visit.sign_in(visit.text("email"), visit.text("password"))
    except Refusal as refusal:
        return visit.page("login.html", refusal=refusal, next=visit.text("next"))
    path = visit.text("next")
    response = visit.go(path if OWN_PATH.fullmatch(path) else "/w")
    visit.keep_session(response, opened)
    return response


@router.post("/logout")
def sign_out(visit: PageVisit) -> Response:
    with visit.writing() as (tx, actor):
        sessions.sign_out(tx, actor)
    response = visit.go("/login", notice="signed-out")
    response.delete_cookie(SESSION_COOKIE)
    return response


@router.get("/forgot")
def forgot_form(visit: PageVisit) -> Response:
    return visit.page("forgot.html")


@router.post("/forgot")
def ask_for_reset(visit: PageVisit) -> Response:
    try:
        with visit.database.transaction() as tx:
            resets.ask(tx, visit.text("email"), visit.settings.reset_ttl_seconds)
    except Refusal as refusal:
        return visit.page("forgot.html", refusal=refusal)
    return visit.go("/forgot", notice="reset-sent")


@router.get("/reset")
def reset_form(visit: PageVisit, token: str = "") -> Response:
    return visit.page("reset.html", token=token)


@router.post("/reset")
def complete_reset(visit: PageVisit) -> Response:
    try:
        with visit.database.transaction() as tx:
            resets.complete(tx, visit.text("token"), visit.text("password"), cost=visit.settings.password_cost)
    except Refusal as refusal:
        return visit.page("reset.html", refusal=refusal, token=visit.text("token"))
    return visit.go("/login", notice="password-changed")


@router.get("/email/confirm")
def change_email_form(visit: PageVisit, token: str = "") -> Response:
    return visit.page("email_confirm.html", token=token)


@router.post("/email/confirm")
def change_email(visit: PageVisit) -> Response:
    try:
        with visit.database.transaction() as tx:
            accounts.change_email(tx, visit.text("token"))
    except Refusal as refusal:
        return visit.page("email_confirm.html", refusal=refusal, token=visit.text("token"))
    return visit.go("/settings" if visit.actor() else "/login", notice="email-changed")


@router.get("/invitations/accept")
def invitation(visit: PageVisit, token: str = "") -> Response:
    return _invitation_page(visit, token)


@router.post("/invitations/accept")
def accept_invitation(visit: PageVisit) -> Response:
    token = visit.text("token")
    try:
        with visit.writing() as (tx, actor):
            joined = invitations.accept(tx, actor, token)
    except Refusal as refusal:
        if refusal.code == "unauthenticated":
            raise
        return _invitation_page(visit, token, refusal)
    return visit.go(f"/w/{joined['workspace_id']}", notice="joined")


def _invitation_page(visit: Visit, token: str, refusal: Refusal | None = None) -> Response:
    offer = None
    try:
        with visit.database.reading() as tx:
            found = invitations.find(tx, token)
            name = workspaces.find(tx, found["workspace_id"])["name"]
            offer = invitations.view(found) | {"workspace": name}
    except Refusal as reason:
        refusal = refusal or reason
    return visit.page("invitation.html", refusal=refusal, offer=offer, token=token)


def _invited_address(visit: Visit, token: str) -> str:
    """The address that an invitation was sent to, to fill in; empty if the link is not good."""
    try:
        with visit.database.reading() as tx:
            return str(invitations.find(tx, token)["email"])
    except Refusal:
        return ""
