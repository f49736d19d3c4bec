"""A target with its history and its alerts, on which a test plays runs one by one and hears what is decided.

A run is written as one letter for each promise::

    .  passed                      F  failed twice               e  error, the suite's fault      k  blocked by the product
    d  slow                        f  failed, not tried again    i  killed, the suite's fault     u  blocked: nothing answered
    b  failed, then passed         ?  failed, then an error      t  error: nothing answered       n  not applicable
    p  error, then passed          q  quarantined                -  in the manifest, and absent

The failure class of a scenario is the first word behind its dot: ``quota.latency-1``; integrity where that is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from launch.vocabulary import FAILURE_CLASSES
from tests.verdicts.made import outcome
from verdicts.judge import judge
from verdicts.outcome import Outcome, Status
from verdicts.view import DEFAULT, Change, Policy, Quarantine, Ran, Standing, Turn, View, Watched

CADENCE = 300.0
TOOK = 60.0
BEGIN = 1_800_000_000.0

ENDS: dict[str, tuple[tuple[Status, str | None], ...]] = {
    ".": ((Status.PASSED, None),),
    "d": ((Status.DEGRADED, "product"),),
    "b": ((Status.FAILED, "product"), (Status.PASSED, None)),
    "p": ((Status.ERROR, "suite"), (Status.PASSED, None)),
    "F": ((Status.FAILED, "product"), (Status.FAILED, "product")),
    "f": ((Status.FAILED, "product"),),
    "?": ((Status.FAILED, "product"), (Status.ERROR, "suite")),
    "e": ((Status.ERROR, "suite"), (Status.ERROR, "suite")),
    "i": ((Status.INCOMPLETE, "suite"),),
    "t": ((Status.ERROR, "target"), (Status.ERROR, "target")),
    "k": ((Status.BLOCKED, "product"), (Status.BLOCKED, "product")),
    "u": ((Status.BLOCKED, "target"), (Status.BLOCKED, "target")),
    "n": ((Status.NOT_APPLICABLE, None),),
    "q": ((Status.QUARANTINED, None),),
    "-": (),
}
Key = tuple[str, str]
Letters = Mapping[str | Key, str]


def kind(scenario: str) -> str:
    """Return the failure class that a scenario's name tells."""
    word = scenario.partition(".")[2].partition("-")[0]
    return word if word in FAILURE_CLASSES else "integrity"


def key(name: str | Key) -> Key:
    """Return scenario and surface; by API where no surface is named."""
    return (name, "api") if isinstance(name, str) else name


MADE: dict[tuple[str, str, str], tuple[Outcome, ...]] = {}
"""Outcomes by scenario, surface and letter: they are the same in every run, and thousands of runs are played."""


def attempts(name: str | Key, letter: str) -> tuple[Outcome, ...]:
    """Return the attempts that a letter stands for."""
    scenario, surface = key(name)
    if (scenario, surface, letter) not in MADE:
        MADE[scenario, surface, letter] = tuple(
            outcome(
                status,
                scenario=scenario,
                surface=surface,
                attempt=number,
                blame=blame,
                failure=kind(scenario),
                title=f"The promise of {scenario}.",
                error=None if status is Status.PASSED else f"{scenario} went wrong",
                steps=(),
                requests=(),
            )
            for number, (status, blame) in enumerate(ENDS[letter], 1)
        )
    return MADE[scenario, surface, letter]


@dataclass
class Stage:
    """The history so far. `now` is when the latest run ended, or whatever a test sets it to."""

    target: Watched = field(default_factory=lambda: Watched("shop", owner="operators", maintainers="suite", cadence=CADENCE, locations=("here",)))
    policy: Policy = DEFAULT
    now: float = BEGIN
    runs: list[Ran] = field(default_factory=list)
    open: list[Standing] = field(default_factory=list)
    closed: list[Standing] = field(default_factory=list)
    silences: tuple[Any, ...] = ()
    quarantines: list[Quarantine] = field(default_factory=list)
    expiring: tuple[Any, ...] = ()
    told: list[Change] = field(default_factory=list)
    numbered: int = 0
    again: bool = True
    """Whether every judgement is made twice, to see that the second one decides nothing."""

    @property
    def view(self) -> View:
        """What a judgement sees."""
        return View(self.target, tuple(self.runs), tuple(self.open), tuple(self.closed), self.silences, tuple(self.quarantines), self.expiring)

    def play(self, letters: Letters, *, after: float = CADENCE, at: str = "here", **ran: Any) -> list[Change]:
        """Let a run end `after` seconds from now, and judge."""
        self.now += after
        self.add(letters, at=at, **ran)
        return self.judge()

    def add(self, letters: Letters, *, at: str = "here", **ran: Any) -> Ran:
        """Let a run end now, and judge nothing yet."""
        outcomes = tuple(each for name, letter in letters.items() for each in attempts(name, letter))
        told: dict[str, Any] = {"state": "ended", "ended": self.now, "whole": True, "exit": 0, "manifest": frozenset(map(key, letters))}
        run = Ran(id=f"run-{len(self.runs)}", location=at, started=self.now - TOOK, outcomes=outcomes, **{**told, **ran})
        self.runs.append(run)
        return run

    def judge(self) -> list[Change]:
        """Judge, carry it out, and see that judging again decides nothing."""
        made = judge(self.view, self.policy, self.now)
        self.apply(made)
        if self.again:
            assert judge(self.view, self.policy, self.now) == []
        self.told += made
        return made

    def apply(self, changes: Iterable[Change]) -> None:
        """Carry out what was decided, as the history does."""
        for change in changes:
            at = next((place for place, each in enumerate(self.open) if each.id == change.alert), None)
            match change.turn:
                case Turn.OPEN:
                    assert all(each.key != change.key for each in self.open), f"a second alert of one key: {change}"
                    self.numbered += 1
                    self.open.append(self._begun(change))
                case Turn.SEEN if at is not None:
                    self.open[at] = replace(
                        self.open[at], severity=change.severity, seen=change.seen, runs=change.runs, surfaces=change.surfaces, locations=change.locations
                    )
                case Turn.FLAP if at is not None:
                    self.open[at] = replace(self.open[at], flapping=True)
                case Turn.CLOSE if at is not None:
                    self.closed.append(replace(self.open.pop(at), closed=self.now))
                case Turn.LEAVE_QUARANTINE:
                    gone = [each for each in self.quarantines if each.id == change.alert]
                    self.quarantines = [each for each in self.quarantines if each.id != change.alert]
                    self.expiring = tuple(each for each in self.expiring if each.what not in {f"quarantine/{left.scenario}" for left in gone})
                case _:
                    raise AssertionError(f"a change of no alert: {change}")

    def _begun(self, change: Change) -> Standing:
        return Standing(
            id=self.numbered,
            key=change.key,
            scenario=change.scenario,
            failure=change.failure,
            severity=change.severity,
            owner=change.owner,
            opened=self.now,
            since=change.since,
            seen=change.seen,
            runs=change.runs,
            surfaces=change.surfaces,
            locations=change.locations,
        )

    def forget(self) -> None:
        """Drop what a judgement may forget: runs beyond the policy's memory, except the latest ones of each location."""
        since = self.now - self.policy.memory
        kept: dict[str, int] = {}
        runs = []
        for run in reversed(self.runs):
            kept[run.location] = kept.get(run.location, 0) + 1
            if run.at > since or kept[run.location] <= self.policy.runs_needed:
                runs.append(run)
        self.runs = runs[::-1]
        self.closed = [each for each in self.closed if each.closed is not None and each.closed > since]

    def names(self) -> set[str]:
        """Return the ids of the open alerts."""
        return {each.scenario for each in self.open}


def turns(changes: Iterable[Change]) -> list[tuple[str, str]]:
    """Return what was decided about what, without repetitions of what is still broken."""
    return [(change.turn.value, change.scenario) for change in changes if change.turn is not Turn.SEEN]
