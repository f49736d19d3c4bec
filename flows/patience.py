"""Patience: a product may say "later, please" (it is busy, or hears too much from one place), and a customer comes back when it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flows import trail, waiting
from flows.blame import Refused
from flows.refusal import Reason

T = TypeVar("T")

LATER = frozenset({Reason.BUSY, Reason.RATE_LIMITED})
"""Refusals that hold only for the moment."""

LIMIT = 60.0
"""Seconds for which a customer comes back again and again."""

FIRST, LONGEST = 1.0, 10.0
"""Seconds until the first return where a refusal names no time, and between later ones, which are twice as far apart each."""


def patiently(act: Callable[[], T], *, doing: str, only: frozenset[Reason] = LATER, limit: float = LIMIT) -> T:
    """Do something, and where it is refused for the moment, do it again once the time that the refusal names is over.

    Raises:
        Refused: for any other reason, or still for the moment when `limit` seconds are over.
    """
    waited, next_time = 0.0, FIRST
    while True:
        try:
            return act()
        except Refused as refused:
            said = refused.refusal
            pause = max(next_time, said.retry_after or 0.0)
            if said.reason not in only or waited + pause > limit:
                raise
            trail.current().states.append(f"{doing}: {said.reason}, tried again after {pause:g} s")
        waiting.sleep(pause)
        waited += pause
        next_time = min(next_time * 2, LONGEST)
