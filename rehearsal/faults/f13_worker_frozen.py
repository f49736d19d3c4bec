"""F13, around the product: the worker that provisions is frozen, while every page and the API answer."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok, until

if TYPE_CHECKING:
    from rehearsal.drill import Drill

LATE = 4.0
"""Seconds in which a project that is well has become active; it takes less than one."""


@contextmanager
def frozen(drill: Drill) -> Iterator[None]:
    """Stop the worker's process (SIGSTOP), once nothing is on its way."""
    worker = drill.ground.process("worker")
    # Somebody who signed up before the worker froze: no mail leaves without it.
    with drill.probe() as probe:
        person = probe.person()
    drill.facts["person"] = (person.email, person.password)
    with drill.dog.guard(drill.name, ["kill", "-CONT", str(worker)], time.time() + drill.fault.expiry):
        os.kill(worker, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(worker, signal.SIGCONT)


def stuck(probe: Probe) -> str:
    """Ask for a project as somebody who has an account, wait, and delete it again."""
    from rehearsal.probe import Person

    person = Person.log_in(probe, *probe.facts["person"])
    project = str(ok(person.ask_project(), 202).json()["id"])
    became = until(lambda: person.state(project) == "active", LATE)
    seen = person.state(project)
    person.http.delete(f"/api/v1/projects/{project}")
    return "" if became else f"a project stays '{seen}' for {LATE:g} s, while the API answers"


FAULT = Fault(
    id="F13-worker",
    title="The worker is frozen: projects stay in preparation and mail stays in the outbox, while every page answers.",
    layer=Layer.ENVIRONMENT,
    journey="signup",
    risk="mail-does-not-arrive",
    expects=Expected("signup.verification-mail", "identity", "critical"),
    permits=("signup.*",),
    silent=True,
    act=frozen,
    oracle=stuck,
    confined=False,
    exclusive=True,
)
