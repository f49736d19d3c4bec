"""Billing, for programs. Each change is answered with the billing as it then stands."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from products.cloudsuite.app.access import ApiCall
from products.cloudsuite.app.domain import billing

router = APIRouter(prefix="/workspaces/{workspace_id}/billing")


class Card(BaseModel):
    number: str


class Choice(BaseModel):
    plan: str


@router.get("")
def show(call: ApiCall, workspace_id: str) -> dict[str, Any]:
    with call.reading() as (tx, actor):
        return billing.describe(tx, actor, workspace_id)


@router.put("/card")
def save_card(call: ApiCall, workspace_id: str, card: Card) -> dict[str, Any]:
    with call.writing() as (tx, actor):
        billing.save_card(tx, actor, workspace_id, card.number)
        return billing.describe(tx, actor, workspace_id)


@router.post("/plan")
def choose_plan(call: ApiCall, workspace_id: str, choice: Choice) -> dict[str, Any]:
    with call.writing() as (tx, actor):
        billing.choose_plan(tx, call.settings, actor, workspace_id, choice.plan)
        return billing.describe(tx, actor, workspace_id)


@router.post("/cancel")
def cancel(call: ApiCall, workspace_id: str) -> dict[str, Any]:
    with call.writing() as (tx, actor):
        billing.cancel(tx, actor, workspace_id)
        return billing.describe(tx, actor, workspace_id)


@router.post("/pay")
def pay(call: ApiCall, workspace_id: str) -> dict[str, Any]:
    with call.writing() as (tx, actor):
        billing.pay(tx, call.settings, actor, workspace_id)
        return billing.describe(tx, actor, workspace_id)
