"""Invitations: a seat kept for an address, until it is taken, withdrawn or too late."""

from __future__ import annotations

import sqlite3
from typing import Any

from products.cloudsuite.app import clock, refusals
from products.cloudsuite.app.db import Tx
from products.cloudsuite.app.domain import mail, quotas, roles, workspaces
from products.cloudsuite.app.domain.names import clean_email
from products.cloudsuite.app.domain.quotas import Dimension
from products.cloudsuite.app.domain.roles import Right, Role
from products.cloudsuite.app.domain.sessions import Actor
from products.cloudsuite.app.identifiers import digest, new_id, new_secret


def invite(tx: Tx, actor: Actor, workspace_id: str, email: str, role: Role, ttl: float) -> dict[str, Any]:
    """Keep a seat for an address and mail it a link that lives `ttl` seconds; an older link is superseded."""
    roles.require(tx, actor, workspace_id, Right.INVITE)
    if role is Role.OWNER:
        roles.require(tx, actor, workspace_id, Right.MANAGE_OWNERS)
    email = clean_email(email)
    _require_stranger(tx, workspace_id, email)
    tx.execute(
        "UPDATE invitations SET state = 'superseded' WHERE workspace_id = ? AND email = ? AND state = 'pending'",
        (workspace_id, email),
    )
    quotas.require_room(tx, workspace_id, Dimension.SEATS, adding=1)
    invitation_id, token, now = new_id("inv"), new_secret("i"), clock.now()
    tx.execute(
        "INSERT INTO invitations (id, workspace_id, email, role, token_digest, state, created_at, expires_at) VALUES (?, ?, ?, ?, ?, 'pending', ?, ?)",
        (invitation_id, workspace_id, email, role, digest(token), now, now + ttl),
    )
    workspace = workspaces.find(tx, workspace_id)["name"]
    mail.queue(tx, email, "invitation", workspace=workspace, inviter=actor.name, role=role.value, token=token)
    return view(tx.execute("SELECT * FROM invitations WHERE id = ?", (invitation_id,)).fetchone())


def view(row: sqlite3.Row) -> dict[str, Any]:
    """An invitation as the inviting side sees it."""
    return {
        "id": row["id"],
        "email": row["email"],
        "role": row["role"],
        "state": _state(row),
        "expires_at": clock.text(row["expires_at"]),
    }


def listing(tx: Tx, actor: Actor, workspace_id: str) -> list[dict[str, Any]]:
    """Every invitation of the workspace, oldest first."""
    roles.require(tx, actor, workspace_id, Right.SEE_INVITATIONS)
    rows = tx.execute("SELECT * FROM invitations WHERE workspace_id = ? ORDER BY created_at, id", (workspace_id,))
    return [view(row) for row in rows]


def revoke(tx: Tx, actor: Actor, workspace_id: str, invitation_id: str) -> None:
    """Withdraw a pending invitation and free its seat. Withdrawing twice is no mistake."""
    roles.require(tx, actor, workspace_id, Right.INVITE)
    row = tx.execute("SELECT * FROM invitations WHERE id = ? AND workspace_id = ?", (invitation_id, workspace_id)).fetchone()
    if row is None:
        raise refusals.not_found("invitation")
    if row["state"] == "accepted":
        raise refusals.link_used()
    tx.execute("UPDATE invitations SET state = 'revoked' WHERE id = ?", (invitation_id,))


def find(tx: Tx, token: str) -> sqlite3.Row:
    """The invitation behind a link, if it can be accepted still."""
    row: sqlite3.Row | None = tx.execute("SELECT * FROM invitations WHERE token_digest = ?", (digest(token),)).fetchone()
    if row is None:
        raise refusals.link_unknown()
    match _state(row):
        case "accepted":
            raise refusals.link_used()
        case "revoked":
            raise refusals.invitation_revoked()
        case "superseded":
            raise refusals.link_superseded()
        case "expired":
            raise refusals.link_expired()
    return row


def accept(tx: Tx, actor: Actor, token: str) -> dict[str, Any]:
    """Take the seat that was kept for the actor's address."""
    invitation = find(tx, token)
    if invitation["email"] != actor.email:
        raise refusals.wrong_account()
    roles.require_not_suspended(tx, invitation["workspace_id"])
    _require_stranger(tx, invitation["workspace_id"], actor.email)
    return _take_seat(tx, invitation, actor.id)


def join_from_sign_up(tx: Tx, account: sqlite3.Row) -> bool:
    """Take the seat whose link led to the sign-up; tells whether it was still there for this address."""
    invitation = tx.execute("SELECT * FROM invitations WHERE id = ? AND email = ?", (account["invitation_id"], account["email"])).fetchone()
    if invitation is None or _state(invitation) != "pending":
        return False
    _take_seat(tx, invitation, account["id"])
    return True


def expire_all(tx: Tx, email: str) -> int:
    """End the life of every pending invitation to an address; tells how many there were."""
    now = clock.now()
    return tx.execute(
        "UPDATE invitations SET expires_at = ? WHERE email = ? AND state = 'pending' AND expires_at > ?",
        (now, email, now),
    ).rowcount


def _state(row: sqlite3.Row) -> str:
    if row["state"] == "pending" and row["expires_at"] <= clock.now():
        return "expired"
    return str(row["state"])


def _take_seat(tx: Tx, invitation: sqlite3.Row, account_id: str) -> dict[str, Any]:
    # The pending invitation counted as a seat, so the membership needs no more room.
    tx.execute("UPDATE invitations SET state = 'accepted' WHERE id = ?", (invitation["id"],))
    workspaces.admit(tx, invitation["workspace_id"], account_id, Role(invitation["role"]))
    return {"workspace_id": invitation["workspace_id"], "role": invitation["role"]}


def _require_stranger(tx: Tx, workspace_id: str, email: str) -> None:
    member = tx.execute(
        "SELECT 1 FROM members JOIN accounts ON accounts.id = account_id WHERE workspace_id = ? AND email = ?",
        (workspace_id, email),
    ).fetchone()
    if member:
        raise refusals.already_member(email)
