"""C8: a fault was there, and is rolled back before the next run: what is over is not told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from rehearsal.fault import Fault, Layer
from rehearsal.faults import f05_link_reusable_or_endless, f11_session_survives_logout, f19_quota_not_enforced
from rehearsal.probe import ProbeTrouble, look, until

if TYPE_CHECKING:
    from rehearsal.drill import Drill


def over(fault: Fault) -> Callable[[Drill], AbstractContextManager[None]]:
    """Return what has a fault of the catalogue come and go, seen by its own oracle both times."""
    oracle = fault.oracle
    assert oracle is not None

    @contextmanager
    def came_and_went(drill: Drill) -> Iterator[None]:
        with drill.switched_on(fault.id):
            seen = until(lambda: bool(look(oracle, drill.probe)[0]))
        if not seen or not until(lambda: look(oracle, drill.probe) == ("", "")):
            msg = f"{fault.id} {'did not go' if seen else 'did not come'}"
            raise ProbeTrouble(msg)
        yield

    return came_and_went


def control(id: str, fault: Fault) -> Fault:  # noqa: A002 -- the field's name
    """Return the control of a fault."""
    title = f"Rolled back before anybody looked: {fault.title[0].lower()}{fault.title[1:]}"
    return Fault(id=id, title=title, layer=Layer.APPLICATION, journey=fault.journey, act=over(fault))


FAULTS = (
    control("C8", f19_quota_not_enforced.FAULTS[0]),
    control("C8-session", f11_session_survives_logout.FAULT),
    control("C8-link", f05_link_reusable_or_endless.FAULTS[1]),
)
