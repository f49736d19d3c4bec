"""Workspaces, members and invitations."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from products.cloudsuite.app.access import ApiCall
from products.cloudsuite.app.domain import invitations, quotas, roles, workspaces
from products.cloudsuite.app.domain.roles import Right, Role

router = APIRouter(tags=["workspaces"])


class Name(BaseModel):
    name: str


class RoleChange(BaseModel):
    role: Role


class NewOwner(BaseModel):
    account_id: str


class NewInvitation(BaseModel):
    email: str
    role: Role


class InvitationLink(BaseModel):
    token: str


@router.get("/workspaces")
def list_workspaces(call: ApiCall) -> dict[str, Any]:
    with call.reading() as (tx, actor):
        return {"items": workspaces.of_account(tx, actor.id)}


@router.post("/workspaces", status_code=201)
def create(call: ApiCall, body: Name) -> dict[str, Any]:
    with call.writing() as (tx, actor):
        return workspaces.create(tx, actor.id, body.name)


@router.get("/workspaces/{workspace_id}")
def show(call: ApiCall, workspace_id: str) -> dict[str, Any]:
    with call.reading() as (tx, actor):
        return workspaces.show(tx, actor, workspace_id)


@router.patch("/workspaces/{workspace_id}")
def rename(call: ApiCall, workspace_id: str, body: Name) -> dict[str, Any]:
    with call.writing() as (tx, actor):
        return workspaces.rename(tx, actor, workspace_id, body.name)


@router.delete("/workspaces/{workspace_id}", status_code=204)
def delete(call: ApiCall, workspace_id: str) -> None:
    with call.writing() as (tx, actor):
        workspaces.delete(tx, actor, workspace_id)


@router.get("/workspaces/{workspace_id}/usage")
def usage(call: ApiCall, workspace_id: str) -> dict[str, Any]:
    with call.reading() as (tx, actor):
        roles.require(tx, actor, workspace_id, Right.READ)
        return quotas.usage(tx, workspace_id)


@router.get("/workspaces/{workspace_id}/members")
def members(call: ApiCall, workspace_id: str) -> dict[str, Any]:
    with call.reading() as (tx, actor):
        return {"items": workspaces.members(tx, actor, workspace_id)}


@router.patch("/workspaces/{workspace_id}/members/{account_id}")
def change_role(call: ApiCall, workspace_id: str, account_id: str, body: RoleChange) -> dict[str, Any]:
    with call.writing() as (tx, actor):
        workspaces.change_role(tx, actor, workspace_id, account_id, body.role)
        return {"account_id": account_id, "role": body.role}


@router.delete("/workspaces/{workspace_id}/members/{account_id}", status_code=204)
def remove(call: ApiCall, workspace_id: str, account_id: str) -> None:
    with call.writing() as (tx, actor):
        workspaces.remove(tx, actor, workspace_id, account_id)


@router.post("/workspaces/{workspace_id}/leave", status_code=204)
def leave(call: ApiCall, workspace_id: str) -> None:
    with call.writing() as (tx, actor):
        workspaces.leave(tx, actor, workspace_id)


@router.post("/workspaces/{workspace_id}/transfer")
def transfer(call: ApiCall, workspace_id: str, body: NewOwner) -> dict[str, Any]:
    with call.writing() as (tx, actor):
        workspaces.transfer(tx, actor, workspace_id, body.account_id)
        return workspaces.show(tx, actor, workspace_id)


@router.post("/workspaces/{workspace_id}/invitations", status_code=201)
def invite(call: ApiCall, workspace_id: str, body: NewInvitation) -> dict[str, Any]:
    with call.writing() as (tx, actor):
        ttl = call.settings.invitation_ttl_seconds
        return invitations.invite(tx, actor, workspace_id, body.email, body.role, ttl)


@router.get("/workspaces/{workspace_id}/invitations")
def list_invitations(call: ApiCall, workspace_id: str) -> dict[str, Any]:
    with call.reading() as (tx, actor):
        return {"items": invitations.listing(tx, actor, workspace_id)}


@router.delete("/workspaces/{workspace_id}/invitations/{invitation_id}", status_code=204)
def revoke_invitation(call: ApiCall, workspace_id: str, invitation_id: str) -> None:
    with call.writing() as (tx, actor):
        invitations.revoke(tx, actor, workspace_id, invitation_id)


@router.post("/invitations/accept")
def accept_invitation(call: ApiCall, body: InvitationLink) -> dict[str, Any]:
    with call.writing() as (tx, actor):
        return invitations.accept(tx, actor, body.token)
