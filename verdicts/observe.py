"""What one run says of each scenario on each surface, as alerting counts it: `alerts.md`, "Outcomes and verdicts"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from verdicts.outcome import Outcome, Status, final

Key = tuple[str, str]
"""A scenario and a surface."""


class Mark(StrEnum):
    """One run's word on one promise."""

    CLEAN = "clean"
    """Kept at the first attempt, in time. Nothing else counts towards closing an alert."""
    DEGRADED = "degraded"
    """Kept, but slow or only on the confirming attempt: no failure, and not clean."""
    SUSPECT = "suspect"
    """Failed once, and no second attempt could say so too: confirmation was switched off, or could not tell."""
    CONFIRMED = "confirmed"
    """Failed in two whole attempts, each on fresh data."""
    EXCUSED = "excused"
    """Failed together with nearly everything else: it keeps an alert open, and opens none, because the common cause has one."""
    UNTOLD = "untold"
    """Nothing was said: error, incomplete, blocked, quarantined."""
    BESIDE = "beside"
    """The product does not offer it."""


FAILURES = frozenset({Mark.SUSPECT, Mark.CONFIRMED})
"""A failure that may open an alert."""

BROKEN = FAILURES | {Mark.EXCUSED}
"""A failure that keeps one open."""

TOLD = BROKEN | {Mark.CLEAN, Mark.DEGRADED}

DUMB = frozenset({Status.ERROR, Status.INCOMPLETE, Status.BLOCKED})
"""Ends of an attempt that say nothing about the promise."""


@dataclass(frozen=True)
class Observation:
    """What a run says of one scenario on one surface. `outcome` is the attempt that says it: the last one that failed where it failed, else the last.

    `end` is how the last attempt ended, and `blame` whose fault that was: a promise can have failed once, and the second attempt been the monitor's fault.
    """

    mark: Mark
    outcome: Outcome
    end: Status
    blame: str | None

    @property
    def fault(self) -> bool:
        """Tell whether the monitor could not tell, for a reason of its own."""
        return self.end in {Status.ERROR, Status.INCOMPLETE} and self.blame != "target"

    @property
    def unreached(self) -> bool:
        """Tell whether nothing was said because nothing answered at the target's address."""
        return self.mark is Mark.UNTOLD and self.end in DUMB and self.blame == "target"

    @property
    def bad(self) -> bool:
        """Tell whether it burns the journey's budget: not in time, not at once, or broken where being in time is the promise."""
        return self.mark is Mark.DEGRADED or (self.mark in FAILURES and self.outcome.failure == "latency")


@dataclass(frozen=True)
class Tally:
    """Attempts at a journey in one run: how many count, and which of them were bad."""

    attempts: int
    bad: tuple[Observation, ...]


@dataclass(frozen=True)
class Said:
    """All that one run says."""

    observations: Mapping[Key, Observation]

    @cached_property
    def broken(self) -> tuple[Observation, ...]:
        """What failed, confirmed or not."""
        return tuple(each for each in self.observations.values() if each.mark in FAILURES)

    @cached_property
    def told(self) -> frozenset[Key]:
        """What was told anything, good or bad."""
        return frozenset(key for key, each in self.observations.items() if each.mark in TOLD)

    @cached_property
    def unreached(self) -> tuple[Observation, ...]:
        """What could not be tried because nothing answered."""
        return tuple(each for each in self.observations.values() if each.unreached)

    @cached_property
    def faults(self) -> tuple[Observation, ...]:
        """What the monitor could not tell for a reason of its own."""
        return tuple(each for each in self.observations.values() if each.fault)

    @cached_property
    def tallies(self) -> Mapping[str, Tally]:
        """The attempts that count for the burn rate, by journey. What is neither kept nor late (broken, blocked, error) is neither good nor bad."""
        counted: dict[str, list[Observation]] = {}
        for each in self.observations.values():
            if each.mark is Mark.CLEAN or each.bad:
                counted.setdefault(each.outcome.journey, []).append(each)
        return {journey: Tally(len(all_), tuple(each for each in all_ if each.bad)) for journey, all_ in counted.items()}

    @cached_property
    def surfaces(self) -> Mapping[str, tuple[str, ...]]:
        """The surfaces on which each scenario was tried."""
        found: dict[str, tuple[str, ...]] = {}
        for scenario, surface in self.observations:
            found[scenario] = (*found.get(scenario, ()), surface)
        return found

    def without(self, hidden: Callable[[str], bool]) -> Said:
        """Return the same without the scenarios that are hidden."""
        return Said({key: each for key, each in self.observations.items() if not hidden(key[0])})


def observe(outcomes: Iterable[Outcome]) -> Said:
    """Read the attempts of one run."""
    attempts: dict[Key, list[Outcome]] = {}
    for outcome in outcomes:
        attempts.setdefault(outcome.key, []).append(outcome)
    return Said({key: _observation(attempts[key]) for key in sorted(attempts)})


def _observation(tries: list[Outcome]) -> Observation:
    [last] = tries if len(tries) == 1 else final(tries)
    failed = [each for each in sorted(tries, key=lambda each: each.attempt) if each.status is Status.FAILED]
    match last.status:
        case Status.PASSED:
            mark = Mark.CLEAN
        case Status.DEGRADED:
            mark = Mark.DEGRADED
        case Status.FAILED:
            mark = Mark.CONFIRMED if len(failed) > 1 else Mark.SUSPECT
        case Status.NOT_APPLICABLE:
            mark = Mark.BESIDE
        case Status.QUARANTINED:
            mark = Mark.UNTOLD
        case _:
            mark = Mark.SUSPECT if failed else Mark.UNTOLD
    return Observation(mark, failed[-1] if mark in FAILURES else last, last.status, last.blame)
