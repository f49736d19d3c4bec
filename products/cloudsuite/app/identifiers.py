"""Names for things, and secrets of which only a digest is kept."""

from __future__ import annotations

import hashlib
import secrets


def new_id(kind: str) -> str:
    """A fresh identifier that says what it names, such as `prj_5f0c…`."""
    return f"{kind}_{secrets.token_hex(8)}"


def new_secret(kind: str) -> str:
    """A fresh bearer secret with 256 bits of chance in it."""
    return f"cs_{kind}_{secrets.token_urlsafe(32)}"


def digest(secret: str) -> str:
    """What the database keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
