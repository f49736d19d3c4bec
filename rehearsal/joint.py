"""Controls that share one run: faults that strike nobody whom the suite makes up, all injected at once. What one run does not meet of all, it meets of none.

Each is still seen by its own oracle, for its own people, before the run, and seen to be gone after it. Where the run is not silent, nobody can say which
of them was met: then each is played by itself.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rehearsal.drill import Drill
from rehearsal.fault import Fault, Layer
from rehearsal.stage import Stage

FEWEST = 2
"""So many share a run at the least."""


@dataclass
class Joint:
    """Drills of one journey, and the one that runs for all: it injects nothing, and nobody judges it."""

    runner: Drill
    drills: list[Drill]
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _ready: int = 0
    _over: int = 0
    _shown: list[str] = field(default_factory=list)
    _said: dict[str, Any] = field(default_factory=dict)
    _silent: bool | None = None

    def play(self) -> tuple[list[Drill], list[Drill]]:
        """Play them; return those that have ended, and those that are to be played by themselves, with nothing written down yet."""
        threads = [threading.Thread(target=self._member, args=(each,), name=each.name) for each in self.drills]
        for each in threads:
            each.start()
        with self._changed:
            self._changed.wait_for(lambda: self._ready + self._over == len(self.drills))
        try:
            if self._ready:
                self.runner.play(runs=self._run)
        finally:
            with self._changed:
                self._silent = bool(self._silent)
                self._changed.notify_all()
            for each in threads:
                each.join()
        ended = [each for each in self.drills if each.name in self._shown]
        alone = [each for each in self.drills if each.name not in self._shown]
        for drill in alone:
            drill.afresh()
        return ended, alone

    def _run(self, runner: Drill) -> None:
        began = time.time()
        said = {"began": began, **runner.slot("fault", runner.tried)}
        self._said, self._silent = said, said["exit"] == 0 and not runner.note_alerts() and not runner.sinks() and runner.beating

    def _member(self, drill: Drill) -> None:
        try:
            drill.play(runs=self._wait)
        finally:
            with self._changed:
                self._over += 1
                self._changed.notify_all()

    def _wait(self, drill: Drill) -> None:
        """Say that the fault is in, and wait until the run is over."""
        with self._changed:
            self._ready += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._silent is not None)
            self._ready -= 1
        if self._silent and drill.is_in():  # one that expired before the run was over was not there to be met
            outcomes = [each for each in self._said["outcomes"] if each[0] in drill.tried]
            drill.events.add("run", phase="fault", shared=True, **{**self._said, "outcomes": outcomes})
            self._shown.append(drill.name)


def joined(drills: Iterable[Drill], stage: Stage) -> list[Drill | Joint]:
    """Return the drills, those that can share a run with others of their journey as one, and first: they take longest."""
    found: list[Drill | Joint] = []
    joints: list[Drill | Joint] = []
    groups: dict[str, list[Drill]] = {}
    for each in drills:
        if shareable(each):
            groups.setdefault(each.fault.journey, []).append(each)
        else:
            found.append(each)
    for journey, some in groups.items():
        if len(some) < FEWEST:
            found += some
            continue
        tried = sorted({name for each in some for name in stage.tried(each.fault, wide=each.wide)})
        runs = Fault(f"joint-{journey}", "Others alone are struck.", Layer.APPLICATION, journey, only=tuple(tried))
        joints.append(Joint(Drill(runs, stage, some[0].grounds, stage.folder / "joint" / journey, some[0].dog), some))
    return [*joints, *found]


def shareable(drill: Drill) -> bool:
    """Tell whether it is the control of a fault at the application's seams that strikes people whom the suite does not make up, and them alone."""
    fault = drill.fault
    plain = not (fault.act or fault.rules or fault.before or fault.instead or fault.exclusive or fault.whole)
    return fault.control and bool(fault.scope) and fault.inject is not None and plain and fault.runs == 1 and fault.surfaces == ("api",)
