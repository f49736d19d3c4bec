"""Signing in and out, and who is asking."""

from __future__ import annotations

from dataclasses import dataclass

from products.cloudsuite.app import clock, refusals
from products.cloudsuite.app.db import Tx
from products.cloudsuite.app.domain import passwords
from products.cloudsuite.app.domain.ratelimit import Limiter
from products.cloudsuite.app.identifiers import digest, new_id, new_secret


@dataclass(frozen=True)
class Actor:
    """The account behind a request, and the credential it showed: a session or an API token."""

    id: str
    email: str
    name: str
    synthetic: bool
    created_at: float
    session_id: str | None
    api_token_id: str | None


@dataclass(frozen=True)
class Opened:
    """A new session; the token is shown this once."""

    token: str
    expires_at: float
    account_id: str


def authenticate(tx: Tx, token: str | None) -> Actor:
    """The actor whose session or API token this is."""
    row = tx.execute(
        """
        SELECT accounts.*, held.session_id, held.api_token_id
        FROM accounts JOIN (
            SELECT account_id, id AS session_id, NULL AS api_token_id
            FROM sessions WHERE token_digest = :digest AND expires_at > :now
            UNION ALL
            SELECT account_id, NULL, id FROM api_tokens WHERE token_digest = :digest
        ) AS held ON held.account_id = accounts.id
        """,
        {"digest": digest(token or ""), "now": clock.now()},
    ).fetchone()
    if row is None:
        raise refusals.unauthenticated()
    return Actor(
        id=row["id"],
        email=row["email"],
        name=row["name"],
        synthetic=bool(row["synthetic"]),
        created_at=row["created_at"],
        session_id=row["session_id"],
        api_token_id=row["api_token_id"],
    )


def sign_in(tx: Tx, email: str, password: str, *, failures: Limiter, cost: int, ttl: float) -> Opened:
    """Open a session. An unknown address and a wrong password cost the same and get the same answer."""
    failures.require(email)
    account = tx.execute("SELECT id, password_hash, verified_at FROM accounts WHERE email = ?", (email,)).fetchone()
    if not passwords.match(password, account and account["password_hash"], cost):
        failures.count(email)
        raise refusals.invalid_credentials()
    if account["verified_at"] is None:
        raise refusals.email_unverified()
    return open_session(tx, account["id"], ttl)


def open_session(tx: Tx, account_id: str, ttl: float) -> Opened:
    """A session of `ttl` seconds for an account that has proven itself."""
    token, now = new_secret("s"), clock.now()
    tx.execute(
        "INSERT INTO sessions (id, token_digest, account_id, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
        (new_id("ses"), digest(token), account_id, now, now + ttl),
    )
    return Opened(token, now + ttl, account_id)


def confirm_password(tx: Tx, actor: Actor, password: str, *, failures: Limiter, cost: int) -> None:
    """Ask for the password again before something that cannot be undone."""
    failures.require(actor.email)
    row = tx.execute("SELECT password_hash FROM accounts WHERE id = ?", (actor.id,)).fetchone()
    if not passwords.match(password, row["password_hash"], cost):
        failures.count(actor.email)
        raise refusals.wrong_password()


def sign_out(tx: Tx, actor: Actor) -> None:
    """End the session that asks."""
    if actor.session_id is None:
        raise refusals.session_required()
    tx.execute("DELETE FROM sessions WHERE id = ?", (actor.session_id,))


def sign_out_everywhere(tx: Tx, account_id: str) -> None:
    """End every session of the account and revoke every API token."""
    tx.execute("DELETE FROM sessions WHERE account_id = ?", (account_id,))
    tx.execute("DELETE FROM api_tokens WHERE account_id = ?", (account_id,))
