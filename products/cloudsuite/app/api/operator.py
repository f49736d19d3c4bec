"""What the operator of the service may see and do about accounts and workspaces."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from products.cloudsuite.app import refusals
from products.cloudsuite.app.access import ApiCall
from products.cloudsuite.app.db import Tx
from products.cloudsuite.app.domain import accounts, invitations, links, quotas, workspaces
from products.cloudsuite.app.domain.names import clean_email

router = APIRouter(tags=["operator"])

Limit = Annotated[int | None, Field(ge=quotas.UNLIMITED)]
"""None: as the plan says; -1: unlimited."""


class Limits(BaseModel):
    projects: Limit = None
    seats: Limit = None
    storage_bytes: Limit = None


class Address(BaseModel):
    email: str


@router.get("/accounts")
def find_account(call: ApiCall, email: str) -> dict[str, Any]:
    with call.database.reading() as tx:
        account = accounts.find_by_email(tx, email)
        if account is None:
            raise refusals.not_found("account")
        return accounts.details(tx, account["id"]) | {"workspaces": workspaces.of_account(tx, account["id"])}


@router.delete("/accounts/{account_id}", status_code=204)
def erase_account(call: ApiCall, account_id: str) -> None:
    with call.database.transaction() as tx:
        accounts.erase(tx, account_id)


@router.get("/workspaces/{workspace_id}")
def show_workspace(call: ApiCall, workspace_id: str) -> dict[str, Any]:
    with call.database.reading() as tx:
        return _workspace(tx, workspace_id)


@router.put("/workspaces/{workspace_id}/limits")
def set_limits(call: ApiCall, workspace_id: str, body: Limits) -> dict[str, Any]:
    with call.database.transaction() as tx:
        workspaces.find(tx, workspace_id)
        quotas.override(tx, workspace_id, body.model_dump())
        return _workspace(tx, workspace_id)


@router.post("/links/expire")
def expire_links(call: ApiCall, body: Address) -> dict[str, int]:
    with call.database.transaction() as tx:
        email = clean_email(body.email)
        return {"links": links.expire_all(tx, email), "invitations": invitations.expire_all(tx, email)}


def _workspace(tx: Tx, workspace_id: str) -> dict[str, Any]:
    row = workspaces.find(tx, workspace_id)
    return {
        "id": row["id"],
        "name": row["name"],
        "status": row["status"],
        "usage": quotas.usage(tx, workspace_id),
        "overrides": quotas.overrides(tx, workspace_id),
        "members": workspaces.roster(tx, workspace_id),
    }
