"""A trail and a clock of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from flows import trail, waiting
from flows.trail import Trail


@dataclass
class Clock:
    """A clock that goes only while somebody sleeps; `naps` holds for how long."""

    at: float = 100.0
    naps: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.naps.append(seconds)
        self.at += seconds

    def __call__(self) -> float:
        """Tell the time."""
        return self.at


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Let waiting take no time."""
    kept = vars(waiting._means).copy()
    made = Clock()
    waiting.use(sleep=made.sleep, clock=made)
    try:
        yield made
    finally:
        waiting.use(**kept)


@pytest.fixture
def path() -> Iterator[Trail]:
    """Follow a new trail."""
    before = trail.current()
    trail.follow(made := Trail())
    try:
        yield made
    finally:
        trail.follow(before)
