"""No data: runs that do not arrive, and promises of the manifest of which nothing is heard. Nothing turns green through absence (`trust.md`, 3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from verdicts import wording
from verdicts.case import Case
from verdicts.finding import Finding, Shown
from verdicts.observe import TOLD, Key, Mark
from verdicts.outcome import Status
from verdicts.rules.monitor import RISK, RUNBOOK
from verdicts.rules.scenario import promised
from verdicts.view import NO_DATA, Change, Ran, Turn

FAILURE = "no-data"
NAMED = 5
"""So many promises are named in a message; the rest is counted."""


@dataclass(frozen=True)
class Known:
    """The causes that have an open alert of their own, once this judgement's changes are made."""

    down: bool
    """The target as a whole."""
    blind: bool
    """The monitor cannot tell."""
    broken: bool
    """A promise."""


def known(case: Case, changes: Iterable[Change], *, down: bool, blind: bool) -> Known:
    """Return the causes that explain a silence."""
    made = list(changes)
    closed = {change.key for change in made if change.turn is Turn.CLOSE}
    broken = any(change.turn is Turn.OPEN and promised(change.scenario) for change in made)
    broken = broken or any(promised(each.scenario) and each.key not in closed for each in case.view.open)
    return Known(down=down, blind=blind, broken=broken)


def finding(case: Case, causes: Known) -> Finding | None:
    """Return what is known of what is missing. An explanation keeps the alert from opening; it does not close it."""
    standing = case.standing(NO_DATA, FAILURE)
    silent = dict(_silent_locations(case)) if case.view.target.scheduled else {}
    untold = {(location, key): run for location, key, run in _untold(case, silent)}
    unexplained = [(location, key) for (location, key), run in untold.items() if not _explained(case, causes, key, run)]
    if standing is None and not silent and not unexplained:
        return None
    missing = bool(silent or untold)
    since = [run for run in case.whole if standing and run.at > standing.seen]
    arrived = len(since)
    latest = case.whole[-1] if case.whole else None
    return Finding(
        scenario=NO_DATA,
        failure=FAILURE,
        title="Every promise is tried on schedule, and something is heard of it.",
        owner=case.view.target.maintainers,
        severity="error",
        opens=_why(case, silent, unexplained) if silent or unexplained else "",
        closes=f"{wording.times(arrived, 'run')} arrived, and nothing is missing",
        clean=0 if missing else arrived,
        broken=tuple(run.at for run in since) if missing else (),
        since=min([*silent.values(), *(_since(case, location, key) for location, key in unexplained)], default=0.0),
        surfaces=tuple(sorted({key[1] for _, key in unexplained})),
        locations=tuple(sorted({*filter(None, silent), *(location for location, _ in unexplained)})),
        shown=Shown(run=latest.id if latest else "", risk=RISK, runbook=RUNBOOK),
    )


def _silent_locations(case: Case) -> Iterator[tuple[str, float]]:
    """Yield the locations of which no run has arrived for longer than may be, each with the latest arrival; an empty name where no location is named.

    A run under way has arrived when it began. A location that never had a run is not missed: it is not set up yet.
    """
    named = case.view.target.locations
    arrivals: dict[str, float] = {}
    for run in case.view.runs:
        if run.whole:
            name = run.location if named else ""
            arrivals[name] = max(arrivals.get(name, run.at), run.at)
    for name in named or ("",):
        if name in arrivals and case.now - arrivals[name] > case.patience:
            yield name, arrivals[name]


def _untold(case: Case, silent: Iterable[str]) -> Iterator[tuple[str, Key, Ran]]:
    """Yield what the latest manifest of a location has and nothing was said of for longer than may be, with the latest whole run."""
    quiet = set(silent)
    for location, runs in case.by_location.items():
        whole = [run for run in runs if run.whole and run.manifest]
        if not whole or location in quiet or "" in quiet or (case.view.target.locations and location not in case.view.target.locations):
            continue
        latest = whole[-1]
        for key in sorted(latest.manifest - case.said(latest).told):
            if not _beside(case, latest, key) and not case.hidden(key[0]) and case.now - _since(case, location, key) > case.patience:
                yield location, key, latest


def _beside(case: Case, run: Ran, key: Key) -> bool:
    seen = case.said(run).observations.get(key)
    return seen is not None and seen.mark is Mark.BESIDE


def _since(case: Case, location: str, key: Key) -> float:
    """Return when something was last heard of a promise; where it never was, when it was first to be tried."""
    first = None
    for run in reversed(case.by_location[location]):
        seen = case.said(run).observations.get(key)
        if seen is not None and (seen.mark in TOLD or seen.mark is Mark.BESIDE):
            return run.at
        if key in run.manifest:
            first = run.at
    return case.now if first is None else first


def _explained(case: Case, causes: Known, key: Key, run: Ran) -> bool:
    """Tell whether the reason why nothing was said in the latest run has an alert of its own."""
    seen = case.said(run).observations.get(key)
    if causes.down:
        return True
    if seen is not None and seen.end is Status.BLOCKED and not seen.unreached:
        return causes.broken
    return causes.blind and not (seen is not None and seen.unreached and case.view.target.agree <= 1)


def _why(case: Case, silent: dict[str, float], untold: list[tuple[str, Key]]) -> str:
    promised_every = f"promised every {wording.span(case.view.target.cadence)}"
    said = [
        f"no run{f' from {location}' if location and case.several else ''} for {wording.span(case.now - last)}, {promised_every}"
        for location, last in sorted(silent.items())
    ]
    if untold:
        names = [f"{scenario} {wording.surfaces([surface])}{f' from {location}' if case.several else ''}" for location, (scenario, surface) in untold]
        said.append(f"nothing was heard for more than {wording.span(case.patience)} of {wording.listed(names, NAMED)}")
    return "; ".join(said)
