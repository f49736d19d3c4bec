"""Everything that an installation may choose, read once at the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import inf
from pathlib import Path
from typing import Any, get_type_hints

DAY = 86_400.0
"""Seconds in a day."""
LAST_PORT = 65_535


class BadSettings(ValueError):  # noqa: N818 -- says what is bad
    """A setting that cannot be used; the message names it."""


@dataclass(frozen=True)
class Settings:
    """Every duration in seconds, every size in bytes. The environment variable is CLOUDSUITE_<NAME>."""

    data: Path
    """Folder of the database; made if missing."""
    host: str = "127.0.0.1"
    port: int = 8443
    public_url: str = ""
    """Where people reach the product, without a final slash; from host and port unless given."""
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 25
    mail_from: str = "no-reply@cloudsuite.example"
    operator_token: str = ""
    """Bearer token of /operator; while empty, nobody is the operator."""
    certificate: Path | None = None
    key: Path | None = None
    provisioning_seconds: float = 1.0
    """How long a project takes to provision."""
    provisioning_deadline_seconds: float = 30.0
    """After this long a provisioning project is late."""
    verification_ttl_seconds: float = 1 * DAY
    """Life of a link that confirms an address, at sign-up or when it changes."""
    reset_ttl_seconds: float = 3600.0
    invitation_ttl_seconds: float = 7 * DAY
    retention_seconds: float = 30 * DAY
    """How long a deleted project can be restored."""
    grace_seconds: float = 7 * DAY
    """How long a workspace works on after a renewal was declined."""
    period_seconds: float = 30 * DAY
    """Length of a billing period."""
    session_ttl_seconds: float = 14 * DAY
    rate_signups_per_minute: int = 60
    """For each client address."""
    rate_login_failures_per_minute: int = 10
    """For each e-mail address."""
    password_cost: int = 4096
    """The n of scrypt: a power of two."""

    def __post_init__(self) -> None:
        if (self.certificate is None) != (self.key is None):
            raise BadSettings("CERTIFICATE and KEY go together: give both or neither")
        if self.password_cost <= 1 or self.password_cost.bit_count() > 1:
            raise BadSettings(f"PASSWORD_COST must be a power of two, not {self.password_cost}")
        for name in ("port", "smtp_port"):
            if not 1 <= getattr(self, name) <= LAST_PORT:
                raise BadSettings(f"{name.upper()} must be from 1 to {LAST_PORT}, not {getattr(self, name)}")
        for field in fields(self):
            if field.name.endswith(("_seconds", "_per_minute")) and not 0 < getattr(self, field.name) < inf:
                raise BadSettings(f"{field.name.upper()} must be above zero and finite, not {getattr(self, field.name)}")
        if not self.public_url:
            scheme = "https" if self.certificate else "http"
            object.__setattr__(self, "public_url", f"{scheme}://{self.host}:{self.port}")

    @property
    def secure(self) -> bool:
        """Whether people reach the product over TLS."""
        return self.public_url.startswith("https://")

    def environment(self) -> dict[str, str]:
        """These settings as environment variables, for a child process."""
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {variable(name): str(value) for name, value in values if value is not None}


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"CLOUDSUITE_{name.upper()}"


def read(environment: Mapping[str, str], options: Mapping[str, str | None]) -> Settings:
    """Settings from options (by field name), else the environment, else the defaults."""
    hints = get_type_hints(Settings)
    chosen: dict[str, Any] = {}
    for field in fields(Settings):
        text = options.get(field.name) or environment.get(variable(field.name))
        if text:
            chosen[field.name] = _parsed(field.name, text, hints[field.name])
    if "data" not in chosen:
        raise BadSettings("DATA is required: the folder of the database")
    if "public_url" in chosen:
        chosen["public_url"] = chosen["public_url"].rstrip("/")
    return Settings(**chosen)


def _parsed(name: str, text: str, kind: object) -> object:
    if kind is str:
        return text
    if kind in (int, float):
        try:
            return int(text) if kind is int else float(text)
        except ValueError:
            raise BadSettings(f"{name.upper()} must be a number, not {text!r}") from None
    return Path(text)
