"""Which release this is: its version, a digest of its source, and one of each file that browsers load."""

from __future__ import annotations

import hashlib
from pathlib import Path

from products.cloudsuite.app import VERSION

PACKAGE = Path(__file__).parent
STATIC = PACKAGE / "static"
SHORT = 12
"""Hexadecimal digits of a digest, where it is shown."""


def digest(content: bytes) -> str:
    """The SHA-256 of a file that browsers load, shortened."""
    return hashlib.sha256(content).hexdigest()[:SHORT]


def _revision() -> str:
    """A digest of the product's own source: the same code has the same revision."""
    whole = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.*")):
        if path.suffix in (".py", ".sql", ".html", ".txt", ".css", ".js"):
            whole.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()[:SHORT]


REVISION = _revision()
NAME = f"Cloud Suite {VERSION} ({REVISION})"
"""As every page says it."""
ASSETS = {path.name: digest(path.read_bytes()) for path in sorted(STATIC.iterdir())}


def asset(name: str) -> str:
    """The address of a file that browsers load; another release has another, so no cache gives an old one."""
    return f"/static/{name}?v={ASSETS[name]}"
