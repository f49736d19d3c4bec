"""Accounts: from sign-up to deletion."""

from __future__ import annotations

import sqlite3
from typing import Any

from products.cloudsuite.app import clock, refusals
from products.cloudsuite.app.db import Tx
from products.cloudsuite.app.domain import invitations, links, mail, passwords, sessions, workspaces
from products.cloudsuite.app.domain.links import Purpose
from products.cloudsuite.app.domain.names import clean_email, clean_name
from products.cloudsuite.app.domain.sessions import Actor
from products.cloudsuite.app.identifiers import new_id


def sign_up(
    tx: Tx,
    *,
    name: str,
    email: str,
    password: str,
    synthetic: bool,
    invitation_token: str | None,
    cost: int,
    ttl: float,
) -> dict[str, Any]:
    """A new account, unverified; the link that verifies it is mailed and lives `ttl` seconds.

    Signing up from an invitation joins its workspace on verification, instead of making a first one.
    """
    name, email = clean_name(name), clean_email(email)
    passwords.require_strong(password, email)
    _require_free(tx, email)
    invitation = invitations.find(tx, invitation_token) if invitation_token else None
    account_id = new_id("acc")
    tx.execute(
        "INSERT INTO accounts (id, email, name, password_hash, synthetic, invitation_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            account_id,
            email,
            name,
            passwords.keep(password, cost),
            synthetic,
            invitation and invitation["id"],
            clock.now(),
        ),
    )
    _mail_verification(tx, account_id, email, name, ttl)
    return view(tx, account_id)


def view(tx: Tx, account_id: str) -> dict[str, Any]:
    """An account as its owner sees it."""
    row = find(tx, account_id)
    return {"id": row["id"], "email": row["email"], "name": row["name"], "verified": row["verified_at"] is not None}


def details(tx: Tx, account_id: str) -> dict[str, Any]:
    """The view, and what rarely matters."""
    row = find(tx, account_id)
    more = {"created_at": clock.text(row["created_at"]), "synthetic": bool(row["synthetic"])}
    return view(tx, account_id) | more


def find(tx: Tx, account_id: str) -> sqlite3.Row:
    """The row of an account."""
    row: sqlite3.Row | None = tx.execute("SELECT * FROM accounts WHERE id = ?", (account_id,)).fetchone()
    if row is None:
        raise refusals.not_found("account")
    return row


def find_by_email(tx: Tx, email: str) -> sqlite3.Row | None:
    """The row of the account with this address."""
    row: sqlite3.Row | None = tx.execute("SELECT * FROM accounts WHERE email = ?", (clean_email(email),)).fetchone()
    return row


def send_verification_again(tx: Tx, email: str, ttl: float) -> None:
    """Mail a newer link if the address waits for one; nothing tells whether it does."""
    account = find_by_email(tx, email)
    if account and account["verified_at"] is None:
        _mail_verification(tx, account["id"], account["email"], account["name"], ttl)


def verify(tx: Tx, token: str) -> dict[str, Any]:
    """Confirm the address and give the account its first workspace. Doing so twice is no mistake."""
    link = links.find(tx, Purpose.VERIFICATION, token)
    if link["used_at"] is not None:
        return view(tx, link["account_id"]) | {"already_verified": True}
    links.redeem(tx, Purpose.VERIFICATION, token)
    account = find(tx, link["account_id"])
    tx.execute("UPDATE accounts SET verified_at = ? WHERE id = ?", (clock.now(), account["id"]))
    if not invitations.join_from_sign_up(tx, account):
        workspaces.create(tx, account["id"], "My workspace")
    return view(tx, account["id"])


def rename(tx: Tx, actor: Actor, name: str) -> dict[str, Any]:
    """Give the account another name."""
    tx.execute("UPDATE accounts SET name = ? WHERE id = ?", (clean_name(name), actor.id))
    return details(tx, actor.id)


def set_password(tx: Tx, account_id: str, password: str, *, cost: int, field: str = "password") -> None:
    """A new password ends every session and API token, and every link that could set another.

    `field` names the input that a weak one is told at.
    """
    passwords.require_strong(password, find(tx, account_id)["email"], field)
    tx.execute("UPDATE accounts SET password_hash = ? WHERE id = ?", (passwords.keep(password, cost), account_id))
    sessions.sign_out_everywhere(tx, account_id)
    links.supersede(tx, account_id, Purpose.RESET)


def ask_to_change_email(tx: Tx, actor: Actor, email: str, *, ttl: float) -> None:
    """Mail a link to the new address and a notice to the old. The caller has confirmed the password."""
    email = clean_email(email)
    _require_free(tx, email)
    token = links.issue(tx, Purpose.EMAIL, actor.id, email, ttl)
    mail.queue(tx, email, "email", token=token)
    mail.queue(tx, actor.email, "email_notice", new_email=email)


def change_email(tx: Tx, token: str) -> dict[str, Any]:
    """Make the address that the link was sent to the account's own; links to the old one are worthless."""
    link = links.redeem(tx, Purpose.EMAIL, token)
    _require_free(tx, link["email"])
    tx.execute("UPDATE accounts SET email = ? WHERE id = ?", (link["email"], link["account_id"]))
    links.supersede(tx, link["account_id"], Purpose.RESET)
    return details(tx, link["account_id"])


def delete(tx: Tx, actor: Actor) -> None:
    """Erase the account and the workspaces that are its alone. The caller has confirmed the password."""
    if any(workspaces.is_shared(tx, workspace_id) for workspace_id in workspaces.only_owned_by(tx, actor.id)):
        raise refusals.last_owner()
    erase(tx, actor.id)


def erase(tx: Tx, account_id: str) -> None:
    """Erase the account, every workspace that only it owns, and mail and invitations to it.

    What it made in other workspaces stays, and passes to an owner there.
    """
    email = find(tx, account_id)["email"]
    for workspace_id in workspaces.only_owned_by(tx, account_id):
        workspaces.erase(tx, workspace_id)
    tx.execute(
        """
        UPDATE projects SET owner_id = (
            SELECT account_id FROM members
            WHERE members.workspace_id = projects.workspace_id AND role = 'owner' AND account_id <> :account
            ORDER BY joined_at LIMIT 1
        ) WHERE owner_id = :account
        """,
        {"account": account_id},
    )
    tx.execute("DELETE FROM outbox WHERE recipient = ?", (email,))
    tx.execute("DELETE FROM invitations WHERE email = ?", (email,))
    tx.execute("DELETE FROM accounts WHERE id = ?", (account_id,))


def _require_free(tx: Tx, email: str) -> None:
    if find_by_email(tx, email) is not None:
        raise refusals.email_taken()


def _mail_verification(tx: Tx, account_id: str, email: str, name: str, ttl: float) -> None:
    token = links.issue(tx, Purpose.VERIFICATION, account_id, email, ttl)
    mail.queue(tx, email, "verification", name=name, token=token)
