"""A workspace and its people."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import Response

from products.cloudsuite.app.access import PageVisit, Visit
from products.cloudsuite.app.db import Tx
from products.cloudsuite.app.domain import idempotency, invitations, quotas, roles, workspaces
from products.cloudsuite.app.domain.roles import Right, Role
from products.cloudsuite.app.domain.sessions import Actor
from products.cloudsuite.app.refusals import Refusal

router = APIRouter()


@router.get("/workspaces/new")
def create_form(visit: PageVisit) -> Response:
    with visit.reading():
        pass
    return visit.page("workspace_new.html")


@router.post("/workspaces/new")
def create(visit: PageVisit) -> Response:
    name = visit.text("name")
    try:
        with visit.writing() as (tx, actor):
            made = idempotency.once(
                tx,
                f"workspaces:{actor.id}",
                visit.text("form_id"),
                {"name": name},
                lambda: workspaces.create(tx, actor.id, name),
            )
    except Refusal as refusal:
        return visit.page("workspace_new.html", refusal=refusal)
    return visit.go(f"/w/{made['id']}", notice="workspace-created")


@router.get("/w/{workspace_id}/members")
def members(visit: PageVisit, workspace_id: str) -> Response:
    return _members_page(visit, workspace_id)


@router.post("/w/{workspace_id}/members/{account_id}/role")
def change_role(visit: PageVisit, workspace_id: str, account_id: str) -> Response:
    def change(tx: Tx, actor: Actor) -> None:
        workspaces.change_role(tx, actor, workspace_id, account_id, roles.named(visit.text("role")))

    return _among_members(visit, workspace_id, "role-changed", change)


@router.post("/w/{workspace_id}/members/{account_id}/remove")
def remove(visit: PageVisit, workspace_id: str, account_id: str) -> Response:
    def change(tx: Tx, actor: Actor) -> None:
        workspaces.remove(tx, actor, workspace_id, account_id)

    return _among_members(visit, workspace_id, "member-removed", change)


@router.post("/w/{workspace_id}/transfer")
def transfer(visit: PageVisit, workspace_id: str) -> Response:
    def change(tx: Tx, actor: Actor) -> None:
        workspaces.transfer(tx, actor, workspace_id, visit.text("account_id"))

    return _among_members(visit, workspace_id, "transferred", change)


@router.post("/w/{workspace_id}/leave")
def leave(visit: PageVisit, workspace_id: str) -> Response:
    try:
        with visit.writing() as (tx, actor):
            workspaces.leave(tx, actor, workspace_id)
    except Refusal as refusal:
        return _members_page(visit, workspace_id, refusal)
    return visit.go("/w", notice="left")


@router.post("/w/{workspace_id}/invitations")
def invite(visit: PageVisit, workspace_id: str) -> Response:
    def change(tx: Tx, actor: Actor) -> None:
        role = roles.named(visit.text("role"))
        ttl = visit.settings.invitation_ttl_seconds
        invitations.invite(tx, actor, workspace_id, visit.text("email"), role, ttl)

    return _among_members(visit, workspace_id, "invited", change)


@router.post("/w/{workspace_id}/invitations/{invitation_id}/revoke")
def revoke_invitation(visit: PageVisit, workspace_id: str, invitation_id: str) -> Response:
    def change(tx: Tx, actor: Actor) -> None:
        invitations.revoke(tx, actor, workspace_id, invitation_id)

    return _among_members(visit, workspace_id, "invitation-revoked", change)


@router.get("/w/{workspace_id}/settings")
def settings(visit: PageVisit, workspace_id: str) -> Response:
    return _settings_page(visit, workspace_id)


@router.post("/w/{workspace_id}/settings")
def rename(visit: PageVisit, workspace_id: str) -> Response:
    try:
        with visit.writing() as (tx, actor):
            workspaces.rename(tx, actor, workspace_id, visit.text("name"))
    except Refusal as refusal:
        return _settings_page(visit, workspace_id, refusal)
    return visit.go(f"/w/{workspace_id}/settings", notice="saved")


@router.post("/w/{workspace_id}/delete")
def delete(visit: PageVisit, workspace_id: str) -> Response:
    try:
        with visit.writing() as (tx, actor):
            workspaces.delete(tx, actor, workspace_id)
    except Refusal as refusal:
        return _settings_page(visit, workspace_id, refusal)
    return visit.go("/w", notice="workspace-deleted")


def _among_members(visit: Visit, workspace_id: str, notice: str, change: Callable[[Tx, Actor], None]) -> Response:
    """Do the change and show the members again, with the notice or with the reason why not."""
    try:
        with visit.writing() as (tx, actor):
            change(tx, actor)
    except Refusal as refusal:
        return _members_page(visit, workspace_id, refusal)
    return visit.go(f"/w/{workspace_id}/members", notice=notice)


def _members_page(visit: Visit, workspace_id: str, refusal: Refusal | None = None) -> Response:
    with visit.reading() as (tx, actor):
        workspace = workspaces.show(tx, actor, workspace_id)
        people = workspaces.members(tx, actor, workspace_id)
        may_see = roles.allows(workspace["role"], Right.SEE_INVITATIONS)
        invited = invitations.listing(tx, actor, workspace_id) if may_see else []
        usage = quotas.usage(tx, workspace_id)
    owns = roles.allows(workspace["role"], Right.MANAGE_OWNERS)
    return visit.page(
        "members.html",
        workspace=workspace,
        tab="members",
        refusal=refusal,
        members=people,
        invitations=invited,
        seats=usage["seats"],
        may_invite=roles.allows(workspace["role"], Right.INVITE),
        may_manage=roles.allows(workspace["role"], Right.MANAGE_MEMBERS),
        owns=owns,
        role_options=[(role, role.capitalize()) for role in Role if owns or role is not Role.OWNER],
        heirs=[(person["account_id"], person["email"]) for person in people if person["account_id"] != actor.id],
    )


def _settings_page(visit: Visit, workspace_id: str, refusal: Refusal | None = None) -> Response:
    with visit.reading() as (tx, actor):
        workspace = workspaces.show(tx, actor, workspace_id)
    return visit.page(
        "workspace_settings.html",
        workspace=workspace,
        tab="settings",
        refusal=refusal,
        may_rename=roles.allows(workspace["role"], Right.RENAME_WORKSPACE),
        may_delete=roles.allows(workspace["role"], Right.DELETE_WORKSPACE),
    )
