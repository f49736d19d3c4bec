"""A fault: one thing that is broken on purpose, who must be told of it, and how anybody can see that it is there without asking the scenarios.

Each stands in a file of its own in `rehearsal/faults/`, as ``FAULT``, and is found by name. `faults.md` of the design is the catalogue.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rehearsal.application.seams import Seams
    from rehearsal.drill import Drill
    from rehearsal.probe import Probe


class Layer(StrEnum):
    """Where a fault lives."""

    APPLICATION = "A"
    """In the running application, at a seam that its code has. Proves the product's own rollback, too."""
    WIRE = "W"
    """Between the suite and the product, in a forward proxy. Proves the monitor, on any target."""
    ENVIRONMENT = "E"
    """A process, a disk, a name, a clock around the product."""
    MONITOR = "M"
    """In the monitoring itself; never told to a product owner."""


@dataclass(frozen=True)
class Expected:
    """The alert that must arrive: of which scenario (or ``monitor.…``, ``target.…``), at whose sink, how severe."""

    scenario: str
    owner: str
    severity: str


@dataclass(frozen=True)
class Fault:
    """What a fault declares.

    `id` is ``F19`` (a control: ``C1``), a variant of it ``F19-seats``; `title` says what is wrong, as a user would; `risk` is an entry of
    ``launch/risks.toml``; `silent` marks that everything answers, and the answer is wrong or only sometimes wrong.

    `expects` is the alert that must arrive, None for a control; `permits` names scenarios (patterns as of a shell) that may be told beside it: every
    other alert is a false alarm. `scenarios` are tried besides that of `expects` and some of the journey (`Stage.tried`); `only` in place of the journey;
    `surfaces` are those on which they are tried.

    How it is injected depends on the layer: `inject` puts it into the application's seams (A), `rules` are for the wire's proxy (W; see
    `rehearsal.wire.rules`), `act` is a context manager that breaks something on entry and mends it on exit (E, M).

    `oracle` says what is wrong in words, and nothing while all is well: by requests of its own, with people of its own, never by a scenario.
    `confined` tells that the same oracle must see nothing wrong for people of another mail domain. `scope` is the mail domain of those whom it concerns:
    None is the drill's own people, empty is everybody who comes by (then it is `exclusive`). A control that has an oracle must be seen by it, too: one that
    did not take proves nothing.

    `runs` is the budget to detect, in runs; the minutes that those stand for must fit into the risk's `detect_within`. `doses` are the intensities in
    percent at which it can be tried, the lower ones in as many runs as the risk has time for; `expiry` is after how many seconds it ends by itself.
    `residue` looks, once it is cleared, for what it has left.

    `whole` has the runs of a drill count as the whole schedule of the target, so that its being down, or silent, can be judged from them. `resolves` is
    false for an alert that is told once, past the history, and has no end. `instead` takes the place of a run in each slot, and is given its phase:
    ``baseline``, ``fault`` or ``clean`` (M: what happens when there is no run). `before` sets up what must be there from the beginning.
    `exclusive` asks for a product of its own, with what `surroundings` returns as further environment of its processes.
    `products` are those on which it can be rehearsed; empty is any.
    """

    id: str
    title: str
    layer: Layer
    journey: str
    risk: str = ""
    expects: Expected | None = None
    permits: tuple[str, ...] = ()
    silent: bool = False
    inject: Callable[[Seams], None] | None = None
    rules: tuple[Mapping[str, Any], ...] = ()
    act: Callable[[Drill], AbstractContextManager[None]] | None = None
    oracle: Callable[[Probe], str] | None = None
    confined: bool = True
    scope: str | None = None
    residue: Callable[[Probe], str] | None = None
    scenarios: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    surfaces: tuple[str, ...] = ("api",)
    runs: int = 1
    doses: tuple[int, ...] = (100,)
    expiry: float = 300.0
    instead: Callable[[Drill, str], None] | None = None
    before: Callable[[Drill], None] | None = None
    exclusive: bool = False
    surroundings: Callable[[Path], Mapping[str, str]] | None = None
    whole: bool = False
    resolves: bool = True
    products: tuple[str, ...] = ("cloudsuite",)
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def control(self) -> bool:
        """Tell whether it must stay silent."""
        return self.expects is None

    @property
    def number(self) -> str:
        """The number in the catalogue: ``F19`` of ``F19-seats``."""
        return self.id.partition("-")[0]
