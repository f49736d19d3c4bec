"""The points at which a process is killed: before and after each step between a run's journal and the receiver's answer."""

from __future__ import annotations

import functools
import os
import random
import signal
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.engine import base as engine

from reports import delivery
from reports import outbox as desk
from reports.channels import pagerduty
from verdicts import judge
from verdicts.history import alerts, leases, outbox, runs

STEPS: dict[str, tuple[Any, str]] = {
    "import a run": (runs, "import_folder"),
    "take a lease": (leases, "take"),
    "judge": (judge, "judge"),
    "open an alert": (alerts, "begin"),
    "see an alert": (alerts, "see"),
    "close an alert": (alerts, "close"),
    "put a message": (outbox, "put"),
    "mark a run as judged": (runs, "mark_judged"),
    "commit": (engine.RootTransaction, "commit"),
    "tidy the outbox": (delivery.Courier, "_tidy"),
    "send": (pagerduty.PagerDuty, "send"),
    "mark as sent": (outbox, "sent"),
    "release a lease": (leases, "release"),
    "apply a change": (desk.Desk, "apply"),
}


def around(steps: Iterable[str]) -> tuple[str, ...]:
    """Return the points before and after each step."""
    return tuple(f"{when} {step}" for step in steps for when in ("before", "after"))


POINTS = around(STEPS)

DEEPEST = 4
"""Up to which passage of a point a process may live, for a start."""


@dataclass
class Aim:
    """Chooses where the next process is to die, so that each point is struck as often as every other, however seldom a process comes by.

    The point with the fewest kills is next, and of those the one that was tried least. Where nobody came by often enough, an earlier passage is
    struck the next time, and where somebody did, now and then a later one. By those of `once` a process comes but once.
    """

    points: Sequence[str]
    chance: random.Random
    once: Collection[str] = ()
    kills: Counter[str] = field(default_factory=Counter)
    tries: Counter[str] = field(default_factory=Counter)
    deepest: dict[str, int] = field(default_factory=dict)

    def next(self) -> tuple[str, int]:
        """Return a point, and at which passage of it, from 1, a process is to die."""
        least = min((self.kills[each], self.tries[each]) for each in self.points)
        point = self.chance.choice([each for each in self.points if (self.kills[each], self.tries[each]) == least])
        return point, 1 if point in self.once else self.chance.randint(1, self.deepest.setdefault(point, DEEPEST))

    def hear(self, point: str, nth: int, *, struck: bool) -> None:
        """Learn whether a process died at that passage of a point."""
        self.tries[point] += 1
        self.kills[point] += struck
        self.deepest[point] = max(1, nth - 1) if not struck else self.deepest.get(point, 1) + (self.chance.random() < 1 / 5)

    def spared(self, each: int) -> list[str]:
        """Return the points at which fewer than so many processes died."""
        return [point for point in self.points if self.kills[point] < each]


def die() -> None:
    """End this process as `kill -9` does."""
    os.kill(os.getpid(), signal.SIGKILL)


def plant(point: str, nth: int, steps: Mapping[str, tuple[Any, str]] = STEPS) -> None:
    """Have this process die at the nth passage of a point."""
    when, _, step = point.partition(" ")
    holder, name = steps[step]
    real: Callable[..., Any] = getattr(holder, name)
    passed = 0

    @functools.wraps(real)
    def watched(*args: Any, **named: Any) -> Any:
        nonlocal passed
        passed += 1
        if passed == nth and when == "before":
            die()
        result = real(*args, **named)
        if passed == nth and when == "after":
            die()
        return result

    setattr(holder, name, watched)
