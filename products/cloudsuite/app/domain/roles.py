"""Who may do what in a workspace: the one table of rights."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from products.cloudsuite.app import refusals
from products.cloudsuite.app.db import Tx
from products.cloudsuite.app.domain.sessions import Actor


class Role(StrEnum):
    """Roles, weakest first: each has the rights of those before it."""

    VIEWER = "viewer"
    EDITOR = "editor"
    ADMIN = "admin"
    OWNER = "owner"

    def covers(self, least: Role) -> bool:
        """Whether this role is at least that one."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(least)


def named(text: str) -> Role:
    """The role of this name."""
    if text not in list(Role):
        raise refusals.invalid_input("role", f"Choose one of {', '.join(Role)}.")
    return Role(text)


class Right(StrEnum):
    """What can be allowed."""

    READ = "read"
    LEAVE = "leave the workspace"
    WRITE_DOCUMENTS = "write documents"
    CREATE_PROJECT = "create projects"
    RENAME_PROJECT = "rename projects"
    ARCHIVE_PROJECT = "archive and unarchive projects"
    CANCEL_PROJECT = "cancel projects"
    RETRY_PROJECT = "retry projects"
    DELETE_PROJECT = "delete projects"
    RESTORE_PROJECT = "restore projects"
    LIST_DELETED = "see deleted projects"
    SEE_INVITATIONS = "see invitations"
    INVITE = "invite people"
    MANAGE_MEMBERS = "manage members"
    RENAME_WORKSPACE = "rename the workspace"
    PURGE_PROJECT = "purge projects"
    MANAGE_OWNERS = "manage owners"
    TRANSFER = "transfer the workspace"
    BILLING = "manage billing"
    DELETE_WORKSPACE = "delete the workspace"


class Terms(NamedTuple):
    """The weakest role that has a right, and whether the right outlives suspension of the workspace."""

    least: Role
    when_suspended: bool = False


TERMS = {
    Right.READ: Terms(Role.VIEWER, when_suspended=True),
    Right.LEAVE: Terms(Role.VIEWER, when_suspended=True),
    Right.WRITE_DOCUMENTS: Terms(Role.EDITOR),
    Right.CREATE_PROJECT: Terms(Role.EDITOR),
    Right.RENAME_PROJECT: Terms(Role.EDITOR),
    Right.ARCHIVE_PROJECT: Terms(Role.EDITOR),
    Right.CANCEL_PROJECT: Terms(Role.ADMIN),
    Right.RETRY_PROJECT: Terms(Role.ADMIN),
    Right.DELETE_PROJECT: Terms(Role.ADMIN),
    Right.RESTORE_PROJECT: Terms(Role.ADMIN),
    Right.LIST_DELETED: Terms(Role.ADMIN, when_suspended=True),
    Right.SEE_INVITATIONS: Terms(Role.ADMIN, when_suspended=True),
    Right.INVITE: Terms(Role.ADMIN),
    Right.MANAGE_MEMBERS: Terms(Role.ADMIN),
    Right.RENAME_WORKSPACE: Terms(Role.ADMIN),
    Right.PURGE_PROJECT: Terms(Role.OWNER),
    Right.MANAGE_OWNERS: Terms(Role.OWNER),
    Right.TRANSFER: Terms(Role.OWNER),
    Right.BILLING: Terms(Role.OWNER, when_suspended=True),
    Right.DELETE_WORKSPACE: Terms(Role.OWNER, when_suspended=True),
}


def allows(role: Role, right: Right) -> bool:
    """Whether a role has a right, suspension aside."""
    return role.covers(TERMS[right].least)


def role_of(tx: Tx, account_id: str, workspace_id: str) -> Role | None:
    """The role of an account in a workspace; None for a stranger."""
    row = tx.execute("SELECT role FROM members WHERE workspace_id = ? AND account_id = ?", (workspace_id, account_id)).fetchone()
    return Role(row["role"]) if row else None


def require(tx: Tx, actor: Actor, workspace_id: str, right: Right) -> Role:
    """The actor's role, if it has the right now. To strangers the workspace does not exist."""
    role = role_of(tx, actor.id, workspace_id)
    if role is None:
        raise refusals.not_found("workspace")
    least, when_suspended = TERMS[right]
    if not role.covers(least):
        raise refusals.forbidden(f"the role {least} to {right}")
    if not when_suspended:
        require_not_suspended(tx, workspace_id)
    return role


def require_not_suspended(tx: Tx, workspace_id: str) -> None:
    """Refuse to change a workspace that is suspended."""
    status = tx.execute("SELECT status FROM workspaces WHERE id = ?", (workspace_id,)).fetchone()["status"]
    if status == "suspended":
        raise refusals.workspace_suspended()
