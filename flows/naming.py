"""Names that tell whose they are: every resource bears the run's prefix, every credential is made up and alphanumeric."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

MARK = "syn"


@dataclass(frozen=True)
class Identity:
    """A made-up person: who signs up, with which address and password."""

    name: str
    email: str
    password: str

    def __repr__(self) -> str:
        """Leave the password out of every message."""
        return f"Identity({self.email})"


@dataclass
class _Means:
    token: Callable[[int], str] = secrets.token_hex


_means = _Means()


def use(token: Callable[[int], str] = secrets.token_hex) -> None:
    """Set where what cannot be guessed comes from: called with a number of bytes, it returns twice as many hexadecimal digits. What is not given is plain."""
    _means.token = token


def fresh(prefix: str) -> str:
    """Return a name nobody has used: the prefix and eight random hexadecimal digits."""
    return f"{prefix}-{_means.token(4)}"


def fresh_password() -> str:
    """Return a password of 24 alphanumeric characters, strong enough for any rule, that survives every encoding unchanged when evidence is scanned for it."""
    return f"Aa1{_means.token(10)}z"
