"""C7: something breaks in a maintenance window that was announced. The suite goes on watching, and tells nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from rehearsal.fault import Fault
from rehearsal.faults import f11_session_survives_logout, f19_quota_not_enforced
from rehearsal.probe import ProbeTrouble

if TYPE_CHECKING:
    from rehearsal.drill import Drill


def announced(owner: str, scenario: str = "*") -> Callable[[Drill], AbstractContextManager[None]]:
    """Return what announces a window for these scenarios, as an owner would."""

    @contextmanager
    def window(drill: Drill) -> Iterator[None]:
        what = ("--target", drill.stage.target, "--scenario", scenario, "--for", "30m", "--owner", owner, "--reason", "planned work on the service")
        done = drill.synthetics("silence", *what, "--maintenance")
        if done.returncode != 0:
            msg = f"the maintenance could not be announced: {done.stdout}"
            raise ProbeTrouble(msg)
        yield

    return window


def during(fault: Fault, id: str, act: Callable[[Drill], AbstractContextManager[None]]) -> Fault:  # noqa: A002 -- the field's name
    """Return the control: the fault in a window."""
    title = f"In planned maintenance: {fault.title[0].lower()}{fault.title[1:]}"
    return replace(fault, id=id, title=title, act=act, expects=None, permits=(), risk="", silent=False, residue=None, surfaces=("api",), doses=(100,))


FAULTS = (
    during(f19_quota_not_enforced.FAULTS[0], "C7", announced("billing")),
    during(f11_session_survives_logout.FAULT, "C7-scenario", announced("identity", "signup.log-out")),
)
