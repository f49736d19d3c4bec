"""Steps: the sentences of a report. They nest, reach Allure, and stand in the outcome with their durations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import allure

from flows import trail

_depth: ContextVar[int] = ContextVar("depth", default=0)
"""How many steps are open here; what is done at the same time counts for itself."""


@contextmanager
def step(title: str) -> Iterator[None]:
    """Name what happens inside as a customer would. Also a decorator."""
    path = trail.current()
    depth = _depth.get()
    taken = trail.Step(title=title, began=path.now(), depth=depth)
    path.steps.append(taken)
    if path.on_step:
        path.on_step(taken)
    _depth.set(depth + 1)
    try:
        with allure.step(title), _concealing(path):
            yield
    except BaseException:
        taken.status = "failed"
        raise
    else:
        taken.status = "passed"
    finally:
        _depth.set(depth)
        taken.seconds = path.now() - taken.began


@contextmanager
def _concealing(path: trail.Trail) -> Iterator[None]:
    """Let nobody outside, Allure to begin with, hear a secret in what is raised."""
    try:
        yield
    except BaseException as raised:
        path.conceal(raised)
        raise
