"""Mailed links: each proves an address once, for a while, until a newer one replaces it."""

from __future__ import annotations

import sqlite3
from enum import StrEnum

from products.cloudsuite.app import clock, refusals
from products.cloudsuite.app.db import Tx
from products.cloudsuite.app.identifiers import digest, new_id, new_secret


class Purpose(StrEnum):
    """What following a link does. Links of one purpose replace each other."""

    VERIFICATION = "verification"
    RESET = "reset"
    EMAIL = "email"


def issue(tx: Tx, purpose: Purpose, account_id: str, email: str, ttl: float) -> str:
    """The token of a new link that lives `ttl` seconds; older ones of this purpose are superseded."""
    supersede(tx, account_id, purpose)
    token, now = new_secret("l"), clock.now()
    tx.execute(
        "INSERT INTO links (id, token_digest, purpose, account_id, email, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (new_id("lnk"), digest(token), purpose, account_id, email, now, now + ttl),
    )
    return token


def supersede(tx: Tx, account_id: str, purpose: Purpose) -> None:
    """Make the unused links of this purpose worthless."""
    tx.execute(
        "UPDATE links SET superseded_at = ? WHERE account_id = ? AND purpose = ? AND used_at IS NULL AND superseded_at IS NULL",
        (clock.now(), account_id, purpose),
    )


def find(tx: Tx, purpose: Purpose, token: str) -> sqlite3.Row:
    """The link, in whatever condition."""
    link: sqlite3.Row | None = tx.execute("SELECT * FROM links WHERE purpose = ? AND token_digest = ?", (purpose, digest(token))).fetchone()
    if link is None:
        raise refusals.link_unknown()
    return link


def redeem(tx: Tx, purpose: Purpose, token: str) -> sqlite3.Row:
    """Use the link up, if it is still good for anything."""
    link = find(tx, purpose, token)
    if link["used_at"] is not None:
        raise refusals.link_used()
    if link["superseded_at"] is not None:
        raise refusals.link_superseded()
    if link["expires_at"] <= clock.now():
        raise refusals.link_expired()
    tx.execute("UPDATE links SET used_at = ? WHERE id = ?", (clock.now(), link["id"]))
    return link


def expire_all(tx: Tx, email: str) -> int:
    """End the life of every outstanding link to an address; tells how many there were."""
    now = clock.now()
    return tx.execute(
        "UPDATE links SET expires_at = ? WHERE email = ? AND used_at IS NULL AND superseded_at IS NULL AND expires_at > ?",
        (now, email, now),
    ).rowcount
