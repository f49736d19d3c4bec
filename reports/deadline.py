"""Ending a call that may not end by itself: a total deadline, however slowly the other side drips."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TypeVar

T = TypeVar("T")

MARGIN = 2.0
"""Seconds by which a library's own timeout should be longer than the deadline: then it is the deadline that ends the work, and says so."""


class Overdue(Exception):  # noqa: N818 -- named for what happened
    """The time is over and the work is not done."""


def within(seconds: float, work: Callable[[], T], cut: Callable[[], None]) -> T:
    """Do the work in a thread of its own and return what it returns, or raise what it raises.

    When `seconds` are over, `cut` is called to end what the work waits for, and the work is left alone: looking up a name cannot be interrupted at all.
    Its thread does not keep the process alive.

    Raises:
        Overdue: the time is over.
    """
    done: Future[T] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as trouble:  # noqa: BLE001 -- whatever it is, it is raised where the work was asked for
            done.set_exception(trouble)

    threading.Thread(target=run, name="within a deadline", daemon=True).start()
    if not wait([done], timeout=max(0.0, seconds)).done:
        cut()
        raise Overdue
    return done.result()
