"""How often something may happen. Counts live in this process and start afresh with it."""

from __future__ import annotations

import math
import threading
import time
from collections import deque

from products.cloudsuite.app import refusals

WINDOW = 60.0
"""Seconds that are looked back on."""


class Limiter:
    """At most `limit` counted events for each key in any window."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._events: dict[str, deque[float]] = {}

    def require(self, key: str) -> None:
        """Refuse if the key has used up its limit."""
        with self._lock:
            self._require(key)

    def count(self, key: str) -> None:
        """Count one event."""
        with self._lock:
            self._events.setdefault(key, deque()).append(time.monotonic())

    def spend(self, key: str) -> None:
        """Count one event, or refuse it."""
        with self._lock:
            self._require(key)
            self._events.setdefault(key, deque()).append(time.monotonic())

    def _require(self, key: str) -> None:
        now = time.monotonic()
        for known, events in list(self._events.items()):
            while events and events[0] <= now - WINDOW:
                events.popleft()
            if not events:
                del self._events[known]
        events = self._events.get(key, deque())
        if len(events) >= self._limit:
            raise refusals.rate_limited(math.ceil(events[0] + WINDOW - now))
