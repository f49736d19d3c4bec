"""Refusals: what a product says when it declines, as a value. Products answer 400, 403, 404, 409, 413, 422, 429, or 200 with an alert on the page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a product says no. A driver translates its product's own codes into these."""

    UNAUTHENTICATED = "unauthenticated"
    BAD_CREDENTIALS = "bad credentials"
    UNVERIFIED = "address not verified"
    FORBIDDEN = "forbidden"
    FORGED = "a forged form"
    NOT_FOUND = "not found"
    TAKEN = "already taken"
    INVALID = "invalid input"
    ILLEGAL_TRANSITION = "illegal transition"
    CONFLICT = "stale version"
    LAST_OWNER = "last owner"
    LINK_EXPIRED = "link expired"
    LINK_DEAD = "link used, revoked or replaced"
    WRONG_ACCOUNT = "meant for another account"
    QUOTA = "quota exceeded"
    TOO_LARGE = "too large"
    RATE_LIMITED = "rate limited"
    BUSY = "busy for the moment"
    PAYMENT_DECLINED = "payment declined"
    SUSPENDED = "suspended"
    READ_ONLY = "read-only"
    UNKNOWN = "a refusal the driver does not know"


@dataclass(frozen=True)
class Refusal:
    """What the product said when it declined.

    `code` is the product's own machine-readable code (None where it gave none), `field` the input it points at, `dimension`, `limit` and
    `usage` what a quota refusal names (counts, or bytes for storage), `remedy` the way out it offers, `retry_after` in seconds.
    """

    reason: Reason
    message: str = ""
    code: str | None = None
    status: int | None = None
    field: str | None = None
    dimension: str | None = None
    limit: int | None = None
    usage: int | None = None
    remedy: str | None = None
    retry_after: float | None = None
    request_id: str | None = None

    def __str__(self) -> str:
        """Read as a sentence for a failure message."""
        parts = [f"refused: {self.reason}"]
        parts += [
            f"{name} {value}" for name, value in (("code", self.code), ("status", self.status), ("field", self.field), ("request", self.request_id)) if value
        ]
        return ", ".join(parts) + (f" ({self.message})" if self.message else "")
