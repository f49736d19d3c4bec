"""Signing up, confirming addresses, passwords, and the account itself."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header
from pydantic import BaseModel

from products.cloudsuite.app import telemetry
from products.cloudsuite.app.access import ApiCall, Call
from products.cloudsuite.app.domain import accounts, idempotency, resets

router = APIRouter(tags=["accounts"])


class SignUp(BaseModel):
    name: str
    email: str
    password: str
    invitation: str | None = None
    """The token of an invitation link: verifying joins its workspace and makes no other."""


class Address(BaseModel):
    email: str


class Link(BaseModel):
    token: str


class NewPasswordByLink(BaseModel):
    token: str
    password: str


class NewAddress(BaseModel):
    email: str
    password: str


class Name(BaseModel):
    name: str


class Password(BaseModel):
    password: str


class NewPassword(BaseModel):
    password: str
    new_password: str


def register(call: Call, asked: SignUp, key: str | None) -> dict[str, Any]:
    """One sign-up for each key, counted; the API and the page share it. The password stays out of the memory."""
    call.product.signups.spend(call.client_address)
    synthetic = "x-synthetic" in call.request.headers
    made = False

    def sign_up() -> dict[str, Any]:
        nonlocal made
        made = True
        return accounts.sign_up(
            tx,
            name=asked.name,
            email=asked.email,
            password=asked.password,
            synthetic=synthetic,
            invitation_token=asked.invitation,
            cost=call.settings.password_cost,
            ttl=call.settings.verification_ttl_seconds,
        )

    with call.database.transaction() as tx:
        account = idempotency.once(tx, "accounts", key, asked.model_dump(exclude={"password"}), sign_up)
    if made:
        telemetry.SIGNUPS.labels(synthetic=str(synthetic).lower()).inc()
    return account


@router.post("/accounts", status_code=201)
def sign_up(call: ApiCall, body: SignUp, idempotency_key: Annotated[str | None, Header()] = None) -> dict[str, Any]:
    return register(call, body, idempotency_key)


@router.post("/accounts/verify")
def verify(call: ApiCall, body: Link) -> dict[str, Any]:
    with call.database.transaction() as tx:
        return accounts.verify(tx, body.token)


@router.post("/accounts/verification", status_code=202)
def send_verification_again(call: ApiCall, body: Address) -> None:
    with call.database.transaction() as tx:
        accounts.send_verification_again(tx, body.email, call.settings.verification_ttl_seconds)


@router.post("/password-resets", status_code=202)
def ask_for_reset(call: ApiCall, body: Address) -> None:
    with call.database.transaction() as tx:
        resets.ask(tx, body.email, call.settings.reset_ttl_seconds)


@router.post("/password-resets/complete", status_code=204)
def complete_reset(call: ApiCall, body: NewPasswordByLink) -> None:
    with call.database.transaction() as tx:
        resets.complete(tx, body.token, body.password, cost=call.settings.password_cost)


@router.get("/me")
def me(call: ApiCall) -> dict[str, Any]:
    with call.reading() as (tx, actor):
        return accounts.details(tx, actor.id)


@router.patch("/me")
def rename(call: ApiCall, body: Name) -> dict[str, Any]:
    with call.writing() as (tx, actor):
        return accounts.rename(tx, actor, body.name)


@router.delete("/me", status_code=204)
def delete(call: ApiCall, body: Password) -> None:
    with call.confirmed(body.password) as (tx, actor):
        accounts.delete(tx, actor)


@router.put("/me/password", status_code=204)
def change_password(call: ApiCall, body: NewPassword) -> None:
    with call.confirmed(body.password) as (tx, actor):
        accounts.set_password(tx, actor.id, body.new_password, cost=call.settings.password_cost, field="new_password")


@router.post("/me/email", status_code=202)
def ask_to_change_email(call: ApiCall, body: NewAddress) -> None:
    with call.confirmed(body.password) as (tx, actor):
        accounts.ask_to_change_email(tx, actor, body.email, ttl=call.settings.verification_ttl_seconds)


@router.post("/me/email/confirm")
def change_email(call: ApiCall, body: Link) -> dict[str, Any]:
    with call.database.transaction() as tx:
        return accounts.change_email(tx, body.token)
