"""What a rule finds out about one alert, and what happens to the alert: opening, seeing again, flapping and closing are the same for every rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from launch.vocabulary import SEVERITIES
from verdicts import wording
from verdicts.case import Case
from verdicts.observe import Observation
from verdicts.view import Change, Ran, Standing, Turn, dedup_key

PIECES = ("trace", "screenshot", "console", "requests")
"""Evidence, the most telling first."""


@dataclass(frozen=True)
class Shown:
    """What the attempt, or the run, that decided has to show for it."""

    run: str = ""
    error: str = ""
    states: tuple[str, ...] = ()
    trace_id: str = ""
    evidence: str = ""
    risk: str = ""
    runbook: str = ""


@dataclass(frozen=True)
class Finding:
    """What is known of one alert, open or not.

    `opens` is why it opens, empty where it does not; `closes` why it closes once it was clean often enough. `clean` is how many clean runs in a row it has
    had on every stream where it was seen broken. `broken` holds the ends of the runs that saw it broken, in order; `since` is the first of the present spell.
    """

    scenario: str
    failure: str
    title: str
    owner: str
    severity: str
    opens: str = ""
    closes: str = ""
    clean: int = 0
    broken: tuple[float, ...] = ()
    since: float = 0.0
    surfaces: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    shown: Shown = Shown()


def worst(severities: Iterable[str], default: str = "info") -> str:
    """Return the worst of some severities."""
    return min(severities, key=SEVERITIES.index, default=default)


def shown(run: Ran, seen: Observation | None = None) -> Shown:
    """Return what an attempt of a run has to show; the run itself where no attempt decided."""
    if seen is None:
        return Shown(run=run.id, error=run.reason)
    outcome = seen.outcome
    kept = next((path for piece in PIECES for kind, path in sorted(outcome.evidence.items()) if kind.startswith(piece)), "")
    return Shown(
        run=run.id,
        error=outcome.error or "",
        states=outcome.states,
        trace_id=outcome.trace_id,
        evidence=f"{run.id}/{kept}",
        risk=outcome.risk,
        runbook=outcome.runbook,
    )


def turns(case: Case, finding: Finding, *, held: bool = False) -> list[Change]:
    """Decide what happens to one alert. `held` keeps it from opening: a common cause has an alert of its own.

    Neither that nor a silence keeps an open one from being seen or from closing.
    """
    standing = case.standing(finding.scenario, finding.failure)
    if standing is None:
        if not finding.opens or held or case.silenced(finding.scenario) or _over(case, finding):
            return []
        runs = sum(each >= finding.since for each in finding.broken)
        seen = finding.broken[-1] if finding.broken else case.now
        return [_change(case, finding, Turn.OPEN, finding.opens, runs=max(runs, 1), since=finding.since, seen=seen)]
    if max(standing.opened, standing.seen) > case.now:
        return []  # the moment is before what is known of it already: a run that arrived late is judged as of its own end
    policy = case.policy
    often = openings(case, standing) >= policy.flap_openings
    if finding.clean >= (policy.flap_clean_runs if standing.flapping or often else policy.clean_runs_to_close):
        return [_change(case, finding, Turn.CLOSE, finding.closes, standing)]
    again = _seen(case, finding, standing)
    if finding.clean >= policy.clean_runs_to_close and not standing.flapping:
        why = f"opened {openings(case, standing)} times within {wording.span(policy.flap_window)}: held open until {policy.flap_clean_runs} clean runs in a row"
        return [*again, _change(case, finding, Turn.FLAP, why, standing)]
    return again


def _over(case: Case, finding: Finding) -> bool:
    """Tell whether an alert that closed later than the moment accounts for it already: a run that arrived late opens nothing again that is over."""
    key = dedup_key(case.view.target.name, finding.scenario, finding.failure)
    return any(each.key == key and each.closed is not None and each.closed > case.now for each in case.view.closed)


def openings(case: Case, standing: Standing) -> int:
    """Return how often an alert opened within the flapping window, this time included."""
    begun = [each.opened for each in case.view.closed if each.key == standing.key] + [standing.opened]
    return sum(case.now - each <= case.policy.flap_window for each in begun)


def open_after(case: Case, scenario: str, failure: str, changes: Iterable[Change]) -> bool:
    """Tell whether an alert is open once these changes are made."""
    key = dedup_key(case.view.target.name, scenario, failure)
    turns = {change.turn for change in changes if change.key == key}
    return Turn.OPEN in turns or (key in case.open and Turn.CLOSE not in turns)


def _seen(case: Case, finding: Finding, standing: Standing) -> list[Change]:
    """Return that it was seen broken again; nothing where nothing is new."""
    new = [each for each in finding.broken if each > standing.seen]
    surfaces, locations = set(finding.surfaces) - set(standing.surfaces), set(finding.locations) - set(standing.locations)
    severity = worst([finding.severity, standing.severity])
    risen = severity != standing.severity
    if not (new or surfaces or locations or risen):
        return []
    news = (
        [f"now {severity}"] * risen
        + [f"now {wording.surfaces(surfaces)} too"] * bool(surfaces)
        + [f"now from {wording.listed(sorted(locations))} too"] * bool(locations)
    )
    wider = replace(
        finding,
        severity=severity,
        surfaces=tuple(sorted({*standing.surfaces, *finding.surfaces})),
        locations=tuple(sorted({*standing.locations, *finding.locations})),
    )
    runs, seen = standing.runs + len(new), max([standing.seen, *new])
    return [_change(case, wider, Turn.SEEN, "; ".join(news) or "still broken", standing, runs=runs, since=standing.since, seen=seen, tells=bool(news))]


def _change(
    case: Case,
    finding: Finding,
    what: Turn,
    why: str,
    standing: Standing | None = None,
    *,
    runs: int = 0,
    since: float = 0.0,
    seen: float = 0.0,
    tells: bool = False,
) -> Change:
    """Write a decision down. Who owns an alert does not change while it is open."""
    return Change(
        turn=what,
        key=dedup_key(case.view.target.name, finding.scenario, finding.failure),
        scenario=finding.scenario,
        failure=finding.failure,
        why=why,
        alert=standing.id if standing else None,
        title=finding.title,
        owner=standing.owner if standing else finding.owner,
        severity=finding.severity if what in {Turn.OPEN, Turn.SEEN} or standing is None else standing.severity,
        risk=finding.shown.risk,
        runbook=finding.shown.runbook,
        since=since or (standing.since if standing else 0.0),
        seen=seen or (standing.seen if standing else 0.0),
        runs=runs or (standing.runs if standing else 0),
        run=finding.shown.run if what in {Turn.OPEN, Turn.SEEN} else case.runs[-1].id if case.runs else "",
        surfaces=finding.surfaces if standing is None or what is Turn.SEEN else standing.surfaces,
        locations=finding.locations if standing is None or what is Turn.SEEN else standing.locations,
        error=finding.shown.error,
        states=finding.shown.states,
        trace_id=finding.shown.trace_id,
        evidence=finding.shown.evidence,
        tells=tells,
    )
