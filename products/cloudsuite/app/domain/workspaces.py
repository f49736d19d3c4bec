"""Workspaces and the people in them."""

from __future__ import annotations

import sqlite3
from typing import Any

from products.cloudsuite.app import clock, refusals
from products.cloudsuite.app.db import Tx
from products.cloudsuite.app.domain import roles
from products.cloudsuite.app.domain.names import clean_name
from products.cloudsuite.app.domain.roles import Right, Role
from products.cloudsuite.app.domain.sessions import Actor
from products.cloudsuite.app.identifiers import new_id


def create(tx: Tx, account_id: str, name: str) -> dict[str, Any]:
    """A free workspace, owned by the account."""
    workspace_id, now = new_id("ws"), clock.now()
    tx.execute("INSERT INTO workspaces (id, name, created_at) VALUES (?, ?, ?)", (workspace_id, clean_name(name), now))
    admit(tx, workspace_id, account_id, Role.OWNER)
    return view(tx, workspace_id, Role.OWNER)


def find(tx: Tx, workspace_id: str) -> sqlite3.Row:
    """The row of a workspace."""
    row: sqlite3.Row | None = tx.execute("SELECT * FROM workspaces WHERE id = ?", (workspace_id,)).fetchone()
    if row is None:
        raise refusals.not_found("workspace")
    return row


def view(tx: Tx, workspace_id: str, role: Role) -> dict[str, Any]:
    """A workspace as its member sees it."""
    row = find(tx, workspace_id)
    return {"id": row["id"], "name": row["name"], "plan": row["plan"], "status": row["status"], "role": role}


def show(tx: Tx, actor: Actor, workspace_id: str) -> dict[str, Any]:
    """The workspace, for a member of it."""
    return view(tx, workspace_id, roles.require(tx, actor, workspace_id, Right.READ))


def of_account(tx: Tx, account_id: str) -> list[dict[str, Any]]:
    """The workspaces of an account, in the order of joining."""
    rows = tx.execute("SELECT * FROM members WHERE account_id = ? ORDER BY joined_at, workspace_id", (account_id,))
    return [view(tx, row["workspace_id"], Role(row["role"])) for row in rows.fetchall()]


def rename(tx: Tx, actor: Actor, workspace_id: str, name: str) -> dict[str, Any]:
    """Give the workspace another name."""
    role = roles.require(tx, actor, workspace_id, Right.RENAME_WORKSPACE)
    tx.execute("UPDATE workspaces SET name = ? WHERE id = ?", (clean_name(name), workspace_id))
    return view(tx, workspace_id, role)


def delete(tx: Tx, actor: Actor, workspace_id: str) -> None:
    """Erase the workspace and everything in it, at once and for good."""
    roles.require(tx, actor, workspace_id, Right.DELETE_WORKSPACE)
    erase(tx, workspace_id)


def erase(tx: Tx, workspace_id: str) -> None:
    """Erase without asking; what belongs to the workspace goes by foreign key."""
    tx.execute("DELETE FROM workspaces WHERE id = ?", (workspace_id,))


def admit(tx: Tx, workspace_id: str, account_id: str, role: Role) -> None:
    """Make the account a member. The seat is the caller's care."""
    tx.execute(
        "INSERT INTO members (workspace_id, account_id, role, joined_at) VALUES (?, ?, ?, ?)",
        (workspace_id, account_id, role, clock.now()),
    )


def members(tx: Tx, actor: Actor, workspace_id: str) -> list[dict[str, Any]]:
    """Everybody in the workspace, for a member of it."""
    roles.require(tx, actor, workspace_id, Right.READ)
    return roster(tx, workspace_id)


def roster(tx: Tx, workspace_id: str) -> list[dict[str, Any]]:
    """Everybody in the workspace, in the order of joining."""
    rows = tx.execute(
        """
        SELECT accounts.email, accounts.name, members.* FROM members JOIN accounts ON accounts.id = account_id
        WHERE workspace_id = ? ORDER BY joined_at, account_id
        """,
        (workspace_id,),
    )
    return [
        {
            "account_id": row["account_id"],
            "email": row["email"],
            "name": row["name"],
            "role": row["role"],
            "joined_at": clock.text(row["joined_at"]),
        }
        for row in rows
    ]


def change_role(tx: Tx, actor: Actor, workspace_id: str, account_id: str, role: Role) -> None:
    """Give a member another role. Whatever makes or unmakes an owner takes an owner."""
    old = _manage(tx, actor, workspace_id, account_id)
    if role is Role.OWNER:
        roles.require(tx, actor, workspace_id, Right.MANAGE_OWNERS)
    if old is Role.OWNER and role is not Role.OWNER:
        _require_another_owner(tx, workspace_id, account_id)
    _set_role(tx, workspace_id, account_id, role)


def remove(tx: Tx, actor: Actor, workspace_id: str, account_id: str) -> None:
    """Put a member out. What they made stays."""
    old = _manage(tx, actor, workspace_id, account_id)
    _dismiss(tx, workspace_id, account_id, old)


def leave(tx: Tx, actor: Actor, workspace_id: str) -> None:
    """Go, unless nobody would own what is left."""
    role = roles.require(tx, actor, workspace_id, Right.LEAVE)
    _dismiss(tx, workspace_id, actor.id, role)


def transfer(tx: Tx, actor: Actor, workspace_id: str, account_id: str) -> None:
    """Make another member the owner; the actor stays as admin."""
    roles.require(tx, actor, workspace_id, Right.TRANSFER)
    if account_id == actor.id:
        raise refusals.invalid_input("account_id", "Choose somebody else.")
    _role_of_member(tx, workspace_id, account_id)
    _set_role(tx, workspace_id, account_id, Role.OWNER)
    _set_role(tx, workspace_id, actor.id, Role.ADMIN)


def only_owned_by(tx: Tx, account_id: str) -> list[str]:
    """The workspaces that would have no owner without this account."""
    rows = tx.execute(
        """
        SELECT workspace_id FROM members WHERE role = 'owner' GROUP BY workspace_id
        HAVING count(*) = 1 AND max(account_id) = ?
        """,
        (account_id,),
    )
    return [row["workspace_id"] for row in rows]


def is_shared(tx: Tx, workspace_id: str) -> bool:
    """Whether more than one person is in the workspace."""
    row = tx.execute("SELECT count(*) FROM members WHERE workspace_id = ?", (workspace_id,)).fetchone()
    return bool(row[0] > 1)


def _manage(tx: Tx, actor: Actor, workspace_id: str, account_id: str) -> Role:
    """The role of a member whom the actor may manage."""
    roles.require(tx, actor, workspace_id, Right.MANAGE_MEMBERS)
    role = _role_of_member(tx, workspace_id, account_id)
    if role is Role.OWNER:
        roles.require(tx, actor, workspace_id, Right.MANAGE_OWNERS)
    return role


def _role_of_member(tx: Tx, workspace_id: str, account_id: str) -> Role:
    role = roles.role_of(tx, account_id, workspace_id)
    if role is None:
        raise refusals.not_found("member")
    return role


def _set_role(tx: Tx, workspace_id: str, account_id: str, role: Role) -> None:
    tx.execute("UPDATE members SET role = ? WHERE workspace_id = ? AND account_id = ?", (role, workspace_id, account_id))


def _dismiss(tx: Tx, workspace_id: str, account_id: str, role: Role) -> None:
    if role is Role.OWNER:
        _require_another_owner(tx, workspace_id, account_id)
    tx.execute("DELETE FROM members WHERE workspace_id = ? AND account_id = ?", (workspace_id, account_id))


def _require_another_owner(tx: Tx, workspace_id: str, account_id: str) -> None:
    if workspace_id in only_owned_by(tx, account_id):
        raise refusals.last_owner()
