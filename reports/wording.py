"""Numbers and times as a person says them."""

from __future__ import annotations

from datetime import UTC, datetime


def lasting(seconds: float | None) -> str:
    """Say a duration: ``0.42 s``, ``8.3 s``, ``3 min 12 s``, ``2 h 05 min``."""
    if seconds is None:
        return "unknown"
    if abs(seconds) < 1:
        return f"{seconds:.2f} s"
    if abs(seconds) < 59.95:  # noqa: PLR2004 -- what would be rounded to 60.0 s
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:  # noqa: PLR2004 -- minutes of an hour
        return f"{minutes} min {rest:02} s"
    return f"{minutes // 60} h {minutes % 60:02} min"


def moment(seconds: float) -> datetime | None:
    """Return a time that is counted in seconds since the epoch; None for 0, which is unknown, and for what no calendar holds."""
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (OverflowError, ValueError, OSError):
        return None


def dated(when: datetime | None) -> str:
    """Say a time: ``23 Nov 2025, 23:19:04 UTC``, in English whatever the locale."""
    if when is None:
        return "unknown"
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[when.month - 1]
    return f"{when.day} {month} {when.year}, {when:%H:%M:%S} UTC"


def ordinal(attempt: int) -> str:
    """Name an attempt for what it is there for."""
    return {1: "First attempt", 2: "Confirming attempt"}.get(attempt, f"Attempt {attempt}")
