"""When a bare script looks again: the pauses of `flows.waiting.eventually`, so that all rivals send the same requests."""

from __future__ import annotations

from collections.abc import Iterator

LIMIT = 60.0


def pauses() -> Iterator[float]:
    """Yield how long to wait before each further look."""
    pause = 0.04
    while True:
        yield pause
        pause = min(pause * 1.5, 1.0)
