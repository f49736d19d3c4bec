"""Judging a drill: a pure function of its events, so that anybody can judge it again from the file, years later and without the product."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from verdicts.view import POOL

Event = Mapping[str, Any]


class Mark(StrEnum):
    """What became of a drill."""

    PROVEN = "proven"
    """Told of by the right scenario, to the right owner, in time, and over once it was rolled back; a control: silent."""
    MISSED = "missed"
    """Not told of, not to the right owner, too late, or never over."""
    FALSE_ALARM = "false alarm"
    """Somebody was told of something that is not so."""
    CANNOT_TELL = "cannot tell"
    """The drill did not get so far: not green before, the fault did not take, or the rehearsal broke."""


class Gap(StrEnum):
    """What a miss is for want of."""

    NO_MONITOR = "no monitor"
    SILENT = "silent"
    THRESHOLD = "threshold"
    CADENCE = "cadence"
    MISROUTED = "misrouted"
    NO_RUNBOOK = "no runbook"
    NOT_DELIVERED = "not delivered"
    NOT_RESOLVED = "not resolved"
    RESIDUE = "residue"
    SPILL = "spill"


REMEDY = {
    Gap.NO_MONITOR: "write a scenario for this promise, and give it this risk; none was tried",
    Gap.SILENT: "the scenario ran and stayed green: assert in it what the oracle sees",
    Gap.THRESHOLD: "the scenario went red, and no alert opened: look at its failure class and the policy (`synthetics policy`)",
    Gap.CADENCE: "run this target more often, or give the risk more time in launch/risks.toml",
    Gap.MISROUTED: "the alert reached somebody else, or with another severity: mend the owner or severity of the scenario, or the route in launch/owners.toml",
    Gap.NO_RUNBOOK: "mend the commands of the runbook, or write it: they failed on the product, or there is none",
    Gap.NOT_DELIVERED: "an alert opened and did not arrive: look at `synthetics alerts` and at the channel",
    Gap.NOT_RESOLVED: "the alert did not end after the rollback: look at whether the promise is kept again, and at the clean runs that it takes",
    Gap.RESIDUE: "the fault left something behind: clean it up in its file, or add the step to the runbook",
    Gap.SPILL: "people outside of its scope met the fault: narrow it down in its file",
}
"""What to write to close a gap."""

JUDGED = ("monitor.", "target.")
"""Alerts that are no scenario's: they come from what many runs say."""

BESIDE = "monitor."
"""Alerts of the monitor itself may reach its maintainers past the history, and by the heartbeat, which has no runbook to name."""

FULL = 100
"""The whole intensity of a fault, in percent."""

BAD = ("failed", "degraded")
ORDER = ("failed", "incomplete", "error", "blocked", "degraded", "quarantined", "passed")
"""Statuses, the gravest first: what a cell of the matrix shows of several attempts."""


@dataclass(frozen=True)
class Told:
    """An alert as it arrived at a sink: which owner's, how severe, when (seconds since the epoch), and when its resolve came."""

    scenario: str
    owner: str
    severity: str
    at: float
    resolved: float | None = None
    runbook: str = ""


@dataclass(frozen=True)
class Clock:
    """The times of a drill, in seconds since the epoch; None where it did not come to that. `faults.md`, "The clock"."""

    injected: float | None = None
    live: float | None = None
    failing: float | None = None
    decided: float | None = None
    received: float | None = None
    acknowledged: float | None = None
    rolled_back: float | None = None
    gone: float | None = None
    resolved: float | None = None

    @property
    def to_detect(self) -> float | None:
        """Seconds from when the fault was live until its owner had the alert."""
        return None if self.received is None or self.live is None else self.received - self.live

    @property
    def to_recover(self) -> float | None:
        """Seconds from when the fault was gone until its owner had the resolve."""
        return None if self.resolved is None or self.gone is None else self.resolved - self.gone


@dataclass(frozen=True)
class Verdict:
    """What one drill shows. `minutes` is what the runs that it took stand for at the target's cadence; `cells` the gravest status of each scenario.

    `looked` tells that what the fault has left in the product was looked for, too: on those whom it caught.
    `beside` are alerts that may come with it, `false` those that may not. `proves` says what the evidence is good for. `health` is what the product said of
    itself while it was broken, the worst of it, and `green` whether that was good every time; None where it was not asked. `commands` are those of the runbook:
    phase, text, exit code, and how what it printed begins.
    """

    drill: str
    fault: str
    dose: int
    title: str
    layer: str
    journey: str
    risk: str
    silent: bool
    control: bool
    mark: Mark
    gap: Gap | None
    why: str
    expects: Mapping[str, str] | None
    severity: str
    told: tuple[Told, ...] = ()
    beside: tuple[Told, ...] = ()
    false: tuple[Told, ...] = ()
    clock: Clock = field(default_factory=Clock)
    runs: int | None = None
    budget: int = 1
    minutes: float | None = None
    allowed: float | None = None
    oracle: str = ""
    health: str = ""
    green: bool | None = None
    cells: Mapping[str, str] = field(default_factory=dict)
    commands: tuple[tuple[str, str, int, str], ...] = ()
    rolled_back_by: str = ""
    residue: str = ""
    looked: bool = False
    target: str = ""
    build: str = ""
    seconds: float = 0.0
    at: float = 0.0

    @property
    def lower(self) -> bool:
        """Tell whether it was tried at less than the full intensity: such a drill asks how little is detected, and is no miss where it is not."""
        return self.dose < FULL

    @property
    def remedy(self) -> str:
        """What to write to close the gap."""
        return REMEDY[self.gap] if self.gap else ""

    @property
    def proves(self) -> str:
        """What the evidence is good for."""
        return {"A": "the monitor, and the product's rollback", "E": "the monitor, and the product's rollback", "M": "the monitor's own alarm"}.get(
            self.layer, "the monitor"
        )

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {**asdict(self), "remedy": self.remedy, "proves": self.proves, "to_detect": self.clock.to_detect, "to_recover": self.clock.to_recover}


def assess(events: Sequence[Event]) -> Verdict:
    """Judge a drill by its events.

    Raises:
        ValueError: there is no beginning in them.
    """
    begin = next((each for each in events if each["event"] == "begin"), None)
    if begin is None:
        msg = "the events of a drill without its beginning"
        raise ValueError(msg)
    expects, permits = begin["expects"], begin["permits"]
    told = tuple(_told(events))
    right = [each for each in told if expects and each.scenario == expects["scenario"]]
    beside = tuple(each for each in told if each not in right and any(fnmatchcase(each.scenario, pattern) for pattern in permits))
    false = tuple(each for each in told if each not in right and each not in beside)
    clock = _clock(events, right)
    runs = _runs_needed(events, right)
    allowed = begin["detect_within"] / 60 if begin["detect_within"] else None
    made = {
        "drill": begin["fault"] if begin["dose"] == FULL else f"{begin['fault']}-{begin['dose']}",
        **{name: begin[name] for name in ("fault", "dose", "title", "layer", "journey", "risk", "silent", "target", "build", "expects")},
        "control": expects is None,
        "severity": expects["severity"] if expects else "",
        "told": told,
        "beside": beside,
        "false": false,
        "clock": clock,
        "runs": runs,
        "budget": begin["runs"],
        "minutes": None if runs is None else runs * begin["cadence"] / 60,
        "allowed": allowed,
        "oracle": next((each["saw"] for each in events if each["event"] == "live"), ""),
        **_health(events),
        "cells": cells(events),
        "commands": tuple((each["phase"], each["command"], each["exit"], each.get("said", "")) for each in events if each["event"] == "runbook"),
        "rolled_back_by": next((each["by"] for each in events if each["event"] == "roll back"), ""),
        "residue": _residue(events),
        "looked": any(each.get("looked", False) for each in events if each["event"] == "residue"),
        "seconds": max(each["at"] for each in events) - begin["at"],
        "at": begin["at"],
    }
    mark, gap, why = _decide(events, begin, right, Verdict(mark=Mark.CANNOT_TELL, gap=None, why="", **made))
    return Verdict(mark=mark, gap=gap, why=why, **made)


def _decide(events: Sequence[Event], begin: Event, right: Sequence[Told], so_far: Verdict) -> tuple[Mark, Gap | None, str]:
    """Return mark, gap and reason. What cannot be told comes first, then what nobody was told, then what was told wrongly, then what was left."""
    if trouble := _trouble(events):
        return Mark.CANNOT_TELL, None, trouble
    if so_far.false:
        what = ", ".join(f"{each.scenario} to '{each.owner}'" for each in so_far.false)
        if so_far.control:
            return Mark.FALSE_ALARM, None, f"nothing that concerns anybody was wrong, and an alert arrived: {what}"
        if right:
            return Mark.FALSE_ALARM, None, f"beside the expected alert there arrived what is neither expected nor permitted: {what}"
    if so_far.control:
        return Mark.PROVEN, None, "nobody was told anything"
    if not right:
        return Mark.MISSED, *_missed(events, begin, so_far)
    for gap, why in _wrong(events, begin, right, so_far):
        return Mark.MISSED, gap, why
    return Mark.PROVEN, None, f"told to '{begin['expects']['owner']}' by {begin['expects']['scenario']} in run {so_far.runs}, and over after the rollback"


def _trouble(events: Sequence[Event]) -> str:
    """Say what kept the drill from telling."""
    for each in events:
        if each["event"] == "broken":
            return str(each["error"])
        if each["event"] == "not live":
            return f"the oracle never saw the fault{': ' + each['trouble'] if each['trouble'] else ''}"
    if not any(each["event"] == "end" for each in events):
        return "the rehearsal ended in the middle of this drill"
    return ""


def _missed(events: Sequence[Event], begin: Event, so_far: Verdict) -> tuple[Gap, str]:
    """Say why the expected alert did not arrive."""
    wanted = begin["expects"]["scenario"]
    decided = [each for each in events if each["event"] == "decided" and each["scenario"] == wanted]
    beside = f"; instead: {', '.join(each.scenario for each in so_far.told)}" if so_far.told else ""
    if decided:
        return Gap.NOT_DELIVERED, f"the alert of {wanted} was decided and did not arrive at any sink{beside}"
    seen = so_far.cells.get(wanted)
    if wanted.startswith(JUDGED):
        return Gap.THRESHOLD, f"{wanted} did not open in {begin['runs']} runs{beside}"
    if seen is None:
        return Gap.NO_MONITOR, f"{wanted} was not tried: there is no such scenario on this target{beside}"
    if seen in BAD:
        return Gap.THRESHOLD, f"{wanted} was {seen}, and no alert opened in {begin['runs']} runs{beside}"
    return Gap.SILENT, f"{wanted} stayed {seen} while the oracle saw: {so_far.oracle}{beside}"


def _wrong(events: Sequence[Event], begin: Event, right: Sequence[Told], so_far: Verdict) -> Iterable[tuple[Gap, str]]:
    """Yield what is wrong with an alert that did arrive, the gravest first."""
    expects = begin["expects"]
    at_owner = [each for each in right if each.owner == expects["owner"]]
    if not at_owner:
        yield Gap.MISROUTED, f"the alert of {expects['scenario']} reached '{right[0].owner}', not '{expects['owner']}'"
        return
    first = at_owner[0]
    if first.severity != expects["severity"]:
        yield Gap.MISROUTED, f"the alert of {expects['scenario']} came as {first.severity}, not {expects['severity']}"
    if so_far.runs is not None and so_far.runs > begin["runs"]:
        yield Gap.CADENCE, f"it took {so_far.runs} runs; the budget is {begin['runs']}"
    if so_far.minutes is not None and so_far.allowed is not None and so_far.minutes > so_far.allowed:
        yield Gap.CADENCE, f"{so_far.runs} runs stand for {so_far.minutes:g} min at this cadence; the risk allows {so_far.allowed:g} min"
    spill = next((each["saw"] or each["trouble"] for each in events if each["event"] == "bystanders" and (each["saw"] or each["trouble"])), "")
    if spill:
        yield Gap.SPILL, f"people outside of its scope met the fault: {spill}"
    if not first.scenario.startswith(BESIDE) and not first.runbook and not any(each["event"] == "decided" and each["runbook"] for each in events):
        yield Gap.NO_RUNBOOK, "the alert names no runbook"
    failed = [f"{phase} (exit {code}): {command.splitlines()[0]}" for phase, command, code, _ in so_far.commands if code != 0]
    if failed:
        yield Gap.NO_RUNBOOK, f"commands of the runbook failed: {'; '.join(failed)}"
    missing = {"diagnose", "rollback"} - {phase for phase, *_ in so_far.commands}
    if missing and begin["risk"]:
        yield Gap.NO_RUNBOOK, f"the runbook has no command to {' and none to '.join(sorted(missing))}"
    not_gone = next((each for each in events if each["event"] == "not gone"), None)
    if not_gone:
        yield Gap.NOT_RESOLVED, f"after the rollback the oracle still says: {not_gone['saw'] or not_gone['trouble']}"
    speed = f".{POOL}"  # a journey's: it closes with its windows, hours for which no drill waits
    unresolved = [each.scenario for each in so_far.told if each.resolved is None and not each.scenario.endswith(speed)]
    if unresolved and begin.get("resolves", True):
        yield Gap.NOT_RESOLVED, f"no resolve arrived of: {', '.join(unresolved)}"
    if so_far.residue:
        yield Gap.RESIDUE, so_far.residue


def _told(events: Sequence[Event]) -> Iterable[Told]:
    """Yield every alert that arrived at a sink, once for each sink: its first trigger, and its resolve. What came before the fault is not of it."""
    first: dict[tuple[str, str], Event] = {}
    injected = min((float(each["at"]) for each in events if each["event"] == "inject"), default=0.0)
    for each in events:
        if each["event"] == "received" and each["action"] == "trigger" and each["at"] >= injected:
            first.setdefault((each["owner"], each["key"]), each)
    for (owner, key), each in first.items():
        ends = [
            other["at"] for other in events if other["event"] == "received" and other["action"] == "resolve" and (other["owner"], other["key"]) == (owner, key)
        ]
        yield Told(each["scenario"], owner, each["severity"], each["at"], max(ends, default=None), each.get("runbook", ""))


def _clock(events: Sequence[Event], right: Sequence[Told]) -> Clock:
    """Return the nine times."""

    def first(event: str) -> float | None:
        return next((float(each["at"]) for each in events if each["event"] == event), None)

    scenarios = {each.scenario for each in right}
    bad = [
        float(outcome[5])
        for each in events
        if each["event"] == "run" and each["phase"] == "fault"
        for outcome in each["outcomes"]
        if outcome[3] in BAD and (outcome[0] in scenarios or not scenarios)
    ]
    decided = [float(each["at"]) for each in events if each["event"] == "decided" and each["scenario"] in scenarios]
    return Clock(
        injected=first("inject"),
        live=first("live"),
        failing=min(bad, default=None),
        decided=min(decided, default=None),
        received=min((each.at for each in right), default=None),
        acknowledged=first("acknowledged"),
        rolled_back=first("roll back"),
        gone=first("gone"),
        resolved=max((each.resolved for each in right if each.resolved is not None), default=None),
    )


def _runs_needed(events: Sequence[Event], right: Sequence[Told]) -> int | None:
    """Return how many runs it took until the expected alert had arrived; None where it never did. A run's event is written once it is over."""
    if not right:
        return None
    received = min(each.at for each in right)
    begun = [each for each in events if each["event"] == "run" and each["phase"] == "fault" and each["began"] <= received]
    return max(1, len(begun))


def cells(events: Sequence[Event]) -> dict[str, str]:
    """Return the gravest status of each scenario while the fault was on. A failure that the confirming attempt did not repeat is `degraded`."""
    seen: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for each in events:
        if each["event"] == "run" and each["phase"] == "fault":
            for scenario, surface, attempt, status, *_ in each["outcomes"]:
                seen.setdefault((scenario, surface), []).append((attempt, status))
    found: dict[str, str] = {}
    for (scenario, _), attempts in seen.items():
        last = max(attempts)[1]
        worst = min((status for _, status in attempts), key=ORDER.index)
        status = "degraded" if worst == "failed" and last == "passed" else worst
        found[scenario] = min(status, found.get(scenario, "passed"), key=ORDER.index)
    return found


def _health(events: Sequence[Event]) -> dict[str, Any]:
    """Return what the product said of itself while the fault was on: whatever was bad, or else that it was well."""
    asked = [each for each in events if each["event"] == "health"]
    worst = next((each for each in asked if not each["green"]), asked[-1] if asked else None)
    return {"health": worst["said"], "green": worst["green"]} if worst else {}


def _residue(events: Sequence[Event]) -> str:
    """Say what was left: by the fault, by the runs, of switches and alerts."""
    said = []
    for each in events:
        if each["event"] == "residue":
            said += [each["saw"]] if each["saw"] else []
            said += [f"the switch {', '.join(each['switches'])} is still on"] if each["switches"] else []
            said += [f"{len(each['open'])} alerts are still open"] if each["open"] else []
        if each["event"] == "swept" and each["exit"] != 0:
            said.append(f"what the runs left could not be removed: {each['said'].strip()}")
        if each["event"] == "run" and each["phase"] == "clean" and each["left_behind"]:
            said.append(f"run {each['run']} left {each['left_behind']} things behind in the product")
    return "; ".join(said)
