"""Values on their way into the store: what one of the two databases cannot hold is replaced, so that no run is lost over it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""PostgreSQL's text holds no NUL (https://www.postgresql.org/docs/current/datatype-character.html); half a character cannot be written as UTF-8."""


def text(value: object) -> str:
    """Return a text that every store holds; what cannot be stored becomes the replacement character."""
    return UNSTORABLE.sub("\ufffd", str(value))


def optional(value: object) -> str | None:
    """Return `text` of a value, None for None."""
    return None if value is None else text(value)


def texts(values: Iterable[object]) -> str:
    """Return a list of texts as JSON."""
    return json.dumps([text(each) for each in values], ensure_ascii=False)


def mapping(values: Mapping[str, object]) -> str:
    """Return a mapping of texts as JSON."""
    return json.dumps({text(name): text(value) for name, value in values.items()}, ensure_ascii=False)


def number(value: object) -> float | None:
    """Return a finite number, None where it is none: SQLite would store NULL for what is not a number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        finite = float(value)
    except OverflowError:
        return None
    return finite if math.isfinite(finite) else None


def seconds(iso: object) -> float | None:
    """Return a time of ISO 8601 as seconds since the epoch, None where it is none; without a zone it is UTC."""
    if not isinstance(iso, str):
        return None
    try:
        at = datetime.fromisoformat(iso)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def iso(at: float) -> str:
    """Return seconds since the epoch as ISO 8601 in UTC."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
