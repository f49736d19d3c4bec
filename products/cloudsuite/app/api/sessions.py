"""Signing in and out, and API tokens."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from products.cloudsuite.app import clock
from products.cloudsuite.app.access import ApiCall
from products.cloudsuite.app.domain import accounts, sessions, tokens

router = APIRouter(tags=["sessions"])


class Credentials(BaseModel):
    email: str
    password: str


class NewToken(BaseModel):
    name: str


@router.post("/sessions", status_code=201)
def sign_in(call: ApiCall, body: Credentials) -> dict[str, Any]:
    opened = call.sign_in(body.email, body.password)
    with call.database.reading() as tx:
        account = accounts.view(tx, opened.account_id)
    return {"token": opened.token, "expires_at": clock.text(opened.expires_at), "account": account}


@router.delete("/sessions/current", status_code=204)
def sign_out(call: ApiCall) -> None:
    with call.writing() as (tx, actor):
        sessions.sign_out(tx, actor)


@router.delete("/sessions", status_code=204)
def sign_out_everywhere(call: ApiCall) -> None:
    with call.writing() as (tx, actor):
        sessions.sign_out_everywhere(tx, actor.id)


@router.get("/tokens")
def list_tokens(call: ApiCall) -> dict[str, Any]:
    with call.reading() as (tx, actor):
        return {"items": tokens.listing(tx, actor)}


@router.post("/tokens", status_code=201)
def create_token(call: ApiCall, body: NewToken) -> dict[str, Any]:
    with call.writing() as (tx, actor):
        return tokens.create(tx, actor, body.name)


@router.delete("/tokens/{token_id}", status_code=204)
def revoke_token(call: ApiCall, token_id: str) -> None:
    with call.writing() as (tx, actor):
        tokens.revoke(tx, actor, token_id)
