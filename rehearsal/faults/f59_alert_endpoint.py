"""F59 to F61: what alerts travel by is broken, while a promise of the product is broken, too.

The product's fault is F19. What its owner is to be told waits, or arrives once the channel takes messages again; the maintainers hear at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.receiver import Connection, Reply, Request, Trouble
from rehearsal.stage import HEART, HEARTBEAT, routing_key, variable

if TYPE_CHECKING:
    from rehearsal.drill import Drill

BROKEN, OWNER, NOTICED_BY = "F19", "billing", "quota.limit-plus-one"
"""The fault of the product, the owner who is to hear of it, and the scenario that sees it."""
PERMITTED = ("quota.*",)


def troubled(trouble: Callable[[Drill, Request], Reply | None]) -> Callable[[Drill], AbstractContextManager[None]]:
    """Return an act in which the pager answers so, and the product is broken; None leaves the answer to the pager."""

    @contextmanager
    def act(drill: Drill) -> Iterator[None]:
        def answer(connection: Connection, request: Request) -> None:
            reply = None if request.path.startswith(HEARTBEAT) else trouble(drill, request)
            connection.answer(reply or connection.server.rules(request))

        always: Trouble = answer
        with drill.switched_on(BROKEN):
            drill.pager.always = always
            try:
                yield
            finally:
                drill.pager.always = None

    return act


def status(code: int, **headers: str) -> Callable[[Drill, Request], Reply | None]:
    """Return the trouble of an endpoint that answers everything by this status."""
    return lambda _drill, _request: Reply(code, {"status": "trouble"}, {name.replace("_", "-"): value for name, value in headers.items()})


def loses_resolves(_: Drill, request: Request) -> Reply | None:
    """Answer every resolve by 500, and the rest as ever."""
    return Reply(500, {"status": "trouble"}) if request.json().get("event_action") == "resolve" else None


@contextmanager
def misrouted(drill: Drill) -> Iterator[None]:
    """Give the owner's channel a key that no service has, and break the product."""
    known = frozenset(routing_key(drill.name, owner) for owner in drill.owners)
    drill.rules.keys = known
    drill.environment[variable(OWNER)] = "0" * 32
    with drill.switched_on(BROKEN):
        try:
            yield
        finally:
            del drill.environment[variable(OWNER)]
            drill.rules.keys = None


def healed_meanwhile(drill: Drill, phase: str) -> None:
    """Let the product break, be told, and heal, while resolves are lost."""
    drill.sweep(phase, drill.tried)
    if phase == "fault":
        drill.ground.board.clear(drill.name)
        for _ in range(2):
            drill.sweep(phase, drill.tried)


def variant(name: str, title: str, act: Callable[[Drill], AbstractContextManager[None]], expects: str, **more: object) -> Fault:
    """Return one of them."""
    return Fault(
        id=name,
        title=title,
        layer=Layer.MONITOR,
        journey="quota",
        risk="monitor-blind",
        expects=Expected(expects, "suite", "error" if expects == HEART else "critical"),
        permits=PERMITTED,
        only=(NOTICED_BY,),
        act=act,
        confined=False,
        **more,  # type: ignore[arg-type]
    )


FAULTS = (
    variant("F59-500", "The alert endpoint answers everything by 500.", troubled(status(500)), HEART),
    variant("F59-429", "The alert endpoint answers everything by 429.", troubled(status(429, Retry_After="2")), HEART),
    variant("F60", "An owner's channel has the key of no service: nothing reaches them.", misrouted, f"monitor.undelivered/{OWNER}", silent=True),
    variant(
        "F61", "Resolves are lost: the owner's incident stays open, though all is well.", troubled(loses_resolves), HEART, instead=healed_meanwhile, runs=3
    ),
)
