"""Passwords: which are good enough, and how they are kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from products.cloudsuite.app import refusals

SHORTEST, LONGEST = 10, 256
FEWEST_DIFFERENT = 5
"""A good password has at least this many different characters."""


def require_strong(password: str, email: str, field: str = "password") -> None:
    """Refuse a password that is short, monotonous or the address itself."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise refusals.weak_password(f"Use from {SHORTEST} to {LONGEST} characters.", field)
    if len(set(password)) < FEWEST_DIFFERENT:
        raise refusals.weak_password(f"Use at least {FEWEST_DIFFERENT} different characters.", field)
    if password.lower() in (email, email.partition("@")[0]):
        raise refusals.weak_password("Use something other than your address.", field)


def keep(password: str, cost: int) -> str:
    """What the database keeps: cost, salt and scrypt digest."""
    salt = secrets.token_bytes(16)
    return f"{cost}:{salt.hex()}:{_scrypt(password, salt, cost).hex()}"


def match(password: str, kept: str | None, cost: int) -> bool:
    """Whether the password is the kept one. Where nothing is kept, as much work is done for a no."""
    kept_cost, salt, kept_digest = (kept or f"{cost}:{'00' * 16}:none").split(":")
    computed = _scrypt(password, bytes.fromhex(salt), int(kept_cost)).hex()
    return hmac.compare_digest(computed, kept_digest)


def _scrypt(password: str, salt: bytes, cost: int) -> bytes:
    # 128 * n * r bytes are needed; twice that is allowed.
    return hashlib.scrypt(password.encode(), salt=salt, n=cost, r=8, p=1, maxmem=256 * cost * 8 + 2**20, dklen=32)
