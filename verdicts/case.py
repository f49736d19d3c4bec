"""A case: what one judgement of one target has before it, read in the ways that the rules ask for."""

from __future__ import annotations

import statistics
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cached_property

from verdicts.observe import Mark, Said
from verdicts.reach import Reach, reach
from verdicts.view import Policy, Quarantine, Ran, Standing, View, dedup_key


@dataclass(frozen=True)
class Case:
    """The view, the policy and the moment. Every list of runs is in the order of their ends, whatever order the view has."""

    view: View
    policy: Policy
    now: float

    @cached_property
    def runs(self) -> tuple[Ran, ...]:
        """The runs that have come to an end, one way or the other."""
        return tuple(sorted((run for run in self.view.runs if run.state != "running"), key=lambda run: (run.at, run.id)))

    @cached_property
    def whole(self) -> tuple[Ran, ...]:
        """Those of them that were to try all there is."""
        return tuple(run for run in self.runs if run.whole)

    @cached_property
    def by_location(self) -> Mapping[str, tuple[Ran, ...]]:
        """The runs of each location."""
        found: dict[str, list[Ran]] = {}
        for run in self.runs:
            found.setdefault(run.location, []).append(run)
        return {location: tuple(found[location]) for location in sorted(found)}

    @cached_property
    def open(self) -> Mapping[str, Standing]:
        """The open alerts by key."""
        return {each.key: each for each in self.view.open}

    def standing(self, scenario: str, failure: str) -> Standing | None:
        """Return the open alert of this identity, None where there is none."""
        return self.open.get(dedup_key(self.view.target.name, scenario, failure))

    @cached_property
    def quarantines(self) -> tuple[Quarantine, ...]:
        """The quarantines of this target that have begun."""
        return tuple(each for each in self.view.quarantines if fnmatchcase(self.view.target.name, each.target) and each.created <= self.now)

    def hidden(self, scenario: str) -> bool:
        """Tell whether a scenario is in quarantine: nothing that it says counts while that lasts."""
        return any(fnmatchcase(scenario, each.scenario) for each in self.quarantines)

    def leaving(self, gone: Collection[int]) -> Case:
        """Return the case without the quarantines of these ids."""
        return replace(self, view=replace(self.view, quarantines=tuple(each for each in self.view.quarantines if each.id not in gone)))

    def silenced(self, scenario: str) -> bool:
        """Tell whether an alert of this id may not open now, because of a silence or a maintenance window."""
        name = self.view.target.name
        return any(
            each.starts <= self.now < each.ends and fnmatchcase(name, each.target) and fnmatchcase(scenario, each.scenario) for each in self.view.silences
        )

    @cached_property
    def _said(self) -> dict[int, Said]:
        return {id(run): run.said.without(self.hidden) for run in self.runs} if self.quarantines else {}

    def said(self, run: Ran) -> Said:
        """Return what a run says, without what is in quarantine."""
        return self._said[id(run)] if self.quarantines else run.said

    @cached_property
    def _reach(self) -> dict[int, Reach]:
        return {}

    def reach(self, run: Ran) -> Reach:
        """Return whether a run met the target at all."""
        if id(run) not in self._reach:
            self._reach[id(run)] = reach(run, self.said(run), self.policy, alone=not self.whole)
        return self._reach[id(run)]

    def down(self, run: Ran) -> bool:
        """Tell whether nearly all that a run tried was broken, so that what failed in it has one cause."""
        said = self.said(run)
        return bool(said.broken or said.unreached) and self.reach(run).mark is Mark.CONFIRMED

    @cached_property
    def usual(self) -> float:
        """How long a whole run takes: the median of those that ended, in seconds; 0 where none did."""
        took = [run.ended - run.started for run in self.whole if run.state == "ended" and run.ended is not None]
        return statistics.median(took) if took else 0.0

    @cached_property
    def patience(self) -> float:
        """After how many seconds without a word something is missing: the cadences that may be missed, and what a run takes."""
        return self.policy.missed_cadences * self.view.target.cadence + self.usual

    @property
    def several(self) -> bool:
        """Tell whether it is worth saying which location."""
        return len({*self.view.target.locations, *self.by_location}) > 1
