"""API tokens: for programs, without an end until revoked."""

from __future__ import annotations

from typing import Any

from products.cloudsuite.app import clock, refusals
from products.cloudsuite.app.db import Tx
from products.cloudsuite.app.domain.names import clean_name
from products.cloudsuite.app.domain.sessions import Actor
from products.cloudsuite.app.identifiers import digest, new_id, new_secret


def create(tx: Tx, actor: Actor, name: str) -> dict[str, Any]:
    """A new token; its secret is shown this once."""
    token_id, name, token = new_id("tok"), clean_name(name), new_secret("t")
    tx.execute(
        "INSERT INTO api_tokens (id, token_digest, account_id, name, created_at) VALUES (?, ?, ?, ?, ?)",
        (token_id, digest(token), actor.id, name, clock.now()),
    )
    return {"id": token_id, "name": name, "token": token}


def listing(tx: Tx, actor: Actor) -> list[dict[str, Any]]:
    """The actor's tokens, without their secrets."""
    rows = tx.execute("SELECT * FROM api_tokens WHERE account_id = ? ORDER BY created_at", (actor.id,))
    return [{"id": row["id"], "name": row["name"], "created_at": clock.text(row["created_at"])} for row in rows]


def revoke(tx: Tx, actor: Actor, token_id: str) -> None:
    """End a token of the actor."""
    gone = tx.execute("DELETE FROM api_tokens WHERE id = ? AND account_id = ?", (token_id, actor.id))
    if gone.rowcount == 0:
        raise refusals.not_found("token")
