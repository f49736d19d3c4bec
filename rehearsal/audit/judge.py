"""What became of each thing that was wrong, and what that says of the scenarios."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from rehearsal.audit.accepted import UNREPLAYABLE, Acceptance
from rehearsal.audit.operators import Wrong
from rehearsal.audit.tape import Tape, places

GREEN = frozenset({"passed", "degraded"})

BY_FIELD = frozenset({"dropped-field", "other-value", "swapped-id", "emptied-list", "mail-twice"})
"""What concerns a part of an answer. It is enough that one scenario of the catalogue asserts it: a project's region is not every promise's business."""


class Fate(StrEnum):
    """What became of one attempt with something wrong."""

    NOTICED = "noticed"
    """The attempt did not pass, and the product is to blame."""
    UNNOTICED = "unnoticed"
    """It passed."""
    CRASHED = "crashed"
    """The suite fell over it: the alert goes to its maintainers, not to the owner."""
    ASTRAY = "astray"
    """It went on to ask what was never recorded, and failed there: the product might have answered well, or not."""
    UNMET = "unmet"
    """It never came to hear what was wrong."""


@dataclass(frozen=True)
class Finding:
    """A missing assertion, or a driver that falls over: `scenarios` are those in which it was seen, `times` how often."""

    fate: Fate
    operator: str
    request: str
    field: str
    seen: str
    instead: str
    scenarios: tuple[str, ...]
    times: int
    error: str = ""

    @property
    def line(self) -> str:
        """Say it in one line."""
        where = f"{self.request}: {self.field}" if self.field else self.request
        return f"{self.operator}: {where}: {self.seen} → {self.instead}" + (f"; the suite fell over it: {self.error}" if self.fate is Fate.CRASHED else "")


@dataclass
class Row:
    """A scenario and its figures.

    `untold` says why it could not be audited, `excused` why that is all right; `unread` holds the fields of its answers that the driver never reads.
    """

    scenario: str
    title: str
    owner: str
    severity: str
    journey: str
    untold: str = ""
    excused: str = ""
    tried: int = 0
    fates: Counter[Fate] = field(default_factory=Counter)
    by_operator: dict[str, Counter[Fate]] = field(default_factory=lambda: defaultdict(Counter))
    missing: list[Finding] = field(default_factory=list)
    accepted: list[tuple[Finding, str]] = field(default_factory=list)
    elsewhere: list[tuple[Finding, str]] = field(default_factory=list)
    unread: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Audit:
    """The whole: `crashes` concern the drivers, whatever the scenario; `stale` are acceptances that accept nothing any more."""

    rows: list[Row]
    crashes: list[Finding]
    accepted_crashes: list[tuple[Finding, str]]
    stale: list[Acceptance]
    whole: bool

    @property
    def findings(self) -> list[Finding]:
        """The missing assertions: what is wrong with an answer, for each scenario; what concerns a part of one, once, with all that pass over it."""
        found: dict[tuple[str, ...], list[Finding]] = {}
        for row in self.rows:
            for each in row.missing:
                about = (each.operator, each.request, each.field, *(() if each.operator in BY_FIELD else each.scenarios))
                found.setdefault(about, []).append(each)
        return [
            replace(several[0], scenarios=tuple(each.scenarios[0] for each in several), times=sum(each.times for each in several)) for several in found.values()
        ]

    @property
    def missing(self) -> int:
        """How many assertions are missing."""
        return len(self.findings)

    @property
    def untold(self) -> list[Row]:
        """The scenarios that could not be audited, and should be."""
        return [row for row in self.rows if row.untold and not row.excused]

    @property
    def exit(self) -> int:
        """0 nothing is missing, 1 something is, 3 it cannot be told."""
        if self.missing or self.crashes or self.stale:
            return 1
        unmet = any(row.fates[Fate.UNMET] for row in self.rows)
        return 3 if self.untold or unmet or not any(row.tried for row in self.rows) else 0


def fate(result: dict[str, Any]) -> Fate:
    """Tell what became of an attempt."""
    if not result["met"]:
        return Fate.UNMET
    if result["status"] in GREEN:
        return Fate.UNNOTICED
    if result["strayed"]:
        return Fate.ASTRAY
    return Fate.CRASHED if result["blame"] == "suite" else Fate.NOTICED


def judge(
    tapes: Iterable[Tape], untold: dict[str, str], tried: dict[str, list[tuple[Wrong, dict[str, Any]]]], accepted: list[Acceptance], *, whole: bool
) -> Audit:
    """Judge what came back.

    Args:
        tapes: the recordings; `untold` says, by node id, why one cannot be used.
        untold: see there.
        tried: by node id, everything that was wrong, and its result.
        accepted: what need not be noticed, each with a reason.
        whole: that all scenarios were to be audited with every operator; only then is it known that nobody asserts a field, and that an acceptance is stale.
    """
    tapes, used = list(tapes), set[Acceptance]()
    excused = {tape.nodeid: reason for tape in tapes if (reason := excuse(tape, untold.get(tape.nodeid, ""), accepted, used))}
    whole = whole and not untold.keys() - excused.keys()
    noticed = {
        wrong.about: tape.scenario
        for tape in tapes
        for wrong, result in tried.get(tape.nodeid, ())
        if fate(result) is Fate.NOTICED and wrong.operator in BY_FIELD
    }
    rows, fallen = [], defaultdict[tuple[str, str, str], list[tuple[str, Wrong, str]]](list)
    for tape in tapes:
        row = Row(
            tape.scenario,
            tape.title,
            tape.owner,
            tape.severity,
            tape.journey,
            untold=untold.get(tape.nodeid, ""),
            excused=excused.get(tape.nodeid, ""),
            unread=unread(tape),
        )
        rows.append(row)
        survivors = defaultdict[tuple[str, str, str], list[Wrong]](list)
        for wrong, result in tried.get(tape.nodeid, ()):
            what = fate(result)
            row.tried += 1
            row.fates[what] += 1
            row.by_operator[wrong.operator][what] += 1
            about = wrong.about
            if what is Fate.UNNOTICED:
                survivors[about].append(wrong)
            elif what is Fate.CRASHED:
                fallen[about].append((tape.scenario, wrong, result["error"]))
        for about, wrongs in survivors.items():
            finding = Finding(Fate.UNNOTICED, *about, wrongs[0].seen, wrongs[0].instead, (tape.scenario,), len(wrongs))
            if about in noticed:
                row.elsewhere.append((finding, noticed[about]))
            elif reason := permitted(finding, accepted, used):
                row.accepted.append((finding, reason))
            elif about[0] in BY_FIELD and not whole:
                row.elsewhere.append((finding, ""))
            else:
                row.missing.append(finding)
    crashes, accepted_crashes = [], []
    for about, seen in fallen.items():
        scenarios = tuple(dict.fromkeys(scenario for scenario, _, _ in seen))
        finding = Finding(Fate.CRASHED, *about, seen[0][1].seen, seen[0][1].instead, scenarios, len(seen), seen[0][2])
        if reason := permitted(finding, accepted, used):
            accepted_crashes.append((finding, reason))
        else:
            crashes.append(finding)
    stale = [each for each in accepted if whole and each not in used]
    return Audit(rows, crashes, accepted_crashes, stale, whole)


def permitted(finding: Finding, accepted: Iterable[Acceptance], used: set[Acceptance]) -> str:
    """Return the reason for which a finding is accepted, nothing where it is not; what accepts it is noted as used."""
    for each in accepted:
        if (
            any(fnmatchcase(scenario, each.scenario) for scenario in finding.scenarios)
            and fnmatchcase(finding.operator, each.operator)
            and fnmatchcase(finding.request, each.request)
            and each.field in {"*", finding.field}
        ):
            used.add(each)
            return each.reason
    return ""


def excuse(tape: Tape, untold: str, accepted: Iterable[Acceptance], used: set[Acceptance]) -> str:
    """Return the reason for which a scenario need not be replayed; what is broken is never excused."""
    for each in accepted:
        if each.operator == UNREPLAYABLE and untold.startswith(UNREPLAYABLE) and fnmatchcase(tape.scenario, each.scenario):
            used.add(each)
            return each.reason
    return ""


def unread(tape: Tape) -> dict[str, list[str]]:
    """Return the fields that answers had while the promise was tried, and that the driver never read, by request."""
    there: dict[str, dict[str, None]] = {}
    read: dict[str, set[str]] = {}
    for event in tape.events:
        if event.mine and event.kind == "http" and event.body is not None:
            there.setdefault(event.request, {}).update(dict.fromkeys(places(event.body)))
            read.setdefault(event.request, set()).update(event.read or ())
    seen = {request: {place.removesuffix("?") for place in places} for request, places in read.items()}
    return {request: left for request, fields in there.items() if (left := [place for place in fields if place not in seen[request]])}
