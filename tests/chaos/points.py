"""The points at which a process is killed: before and after each step between a run's journal and the receiver's answer."""

from __future__ import annotations

import functools
import os
import signal
from collections.abc import Callable
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
POINTS = tuple(f"{when} {step}" for step in STEPS for when in ("before", "after"))


def die() -> None:
    """End this process as `kill -9` does."""
    os.kill(os.getpid(), signal.SIGKILL)


def plant(point: str, nth: int) -> None:
    """Have this process die at the nth passage of a point."""
    when, _, step = point.partition(" ")
    holder, name = STEPS[step]
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
