"""The time of day: unix seconds inside, RFC 3339 in UTC outside."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now() -> float:
    """The present, in unix seconds."""
    return time.time()


def text(seconds: float | None) -> str | None:
    """A moment as people and programs read it, to the millisecond; None stays None."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
