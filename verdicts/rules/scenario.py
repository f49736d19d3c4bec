"""A broken promise: integrity, availability, expiry, and what is broken outright where being in time is the promise. `alerts.md`, "Policy by failure class".

A stream is one scenario on one surface at one location. An alert is of a scenario; it opens on what one stream says (availability: on what `agree`
locations say), and closes once every stream that was seen broken is clean, and none has failed since, confirmed or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from verdicts import series, wording
from verdicts.case import Case
from verdicts.finding import Finding, Shown, shown, worst
from verdicts.observe import BROKEN, FAILURES, TOLD, Mark, Observation
from verdicts.view import POOL, Ran, Standing

Place = tuple[str, str]
"""A surface and a location."""


def promised(scenario: str) -> bool:
    """Tell whether an alert of this id is of a scenario, not of the target as a whole, a journey's budget or the monitor."""
    return not scenario.startswith(("monitor.", "target.")) and not scenario.endswith(f".{POOL}")


@dataclass
class Stream:
    """What the runs said of one scenario at one place, oldest first; runs that said nothing are left out."""

    runs: list[Ran] = field(default_factory=list)
    seen: list[Observation] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def breaks(self, case: Case) -> str:
        """Say why this stream alone opens an alert; nothing where it does not.

        Where being in time is the promise, it takes two confirmed failures in a row: a single one burns the journey's budget.
        """
        policy = case.policy
        if not series.breaks(self.marks, policy.availability_failures, policy.availability_window):
            return ""
        if self.seen[-1].outcome.failure == "latency":
            return "confirmed in 2 runs in a row" if self.marks[-2:] == [Mark.CONFIRMED] * 2 else ""
        if self.marks[-1] is Mark.CONFIRMED:
            return "confirmed by a second whole attempt on fresh data"
        window = min(len(self.marks), policy.availability_window)
        return f"{series.failures(self.marks, policy.availability_window)} of the last {window} runs failed"


def findings(case: Case) -> Iterator[Finding]:
    """Yield what is known of every scenario that failed in memory, or has an open alert."""
    failed = {each.outcome.scenario for run in case.runs for each in case.said(run).broken}
    failed |= {each.scenario for each in case.view.open if promised(each.scenario)}
    for scenario in sorted(failed):
        if not case.hidden(scenario):
            yield from _of(case, scenario)


def streams(case: Case, scenario: str) -> dict[Place, Stream]:
    """Return what was said of a scenario at each place."""
    found: dict[Place, Stream] = {}
    for run in case.runs:
        said = case.said(run)
        for surface in said.surfaces.get(scenario, ()):
            seen = said.observations[scenario, surface]
            if seen.mark in TOLD:
                stream = found.setdefault((surface, run.location), Stream())
                stream.runs.append(run)
                stream.seen.append(seen)
                stream.marks.append(Mark.EXCUSED if seen.mark in FAILURES and case.down(run) else seen.mark)
    return found


def _of(case: Case, scenario: str) -> Iterator[Finding]:
    known = streams(case, scenario)
    breaking = {place: why for place, stream in known.items() if (why := stream.breaks(case))}
    classes = {known[place].seen[-1].outcome.failure for place in breaking}
    classes |= {each.failure for each in case.view.open if each.scenario == scenario}
    for failure in sorted(classes):
        here = {place: why for place, why in breaking.items() if known[place].seen[-1].outcome.failure == failure}
        yield _finding(case, scenario, failure, known, here)


def _finding(case: Case, scenario: str, failure: str, known: Mapping[Place, Stream], here: Mapping[Place, str]) -> Finding:
    standing = case.standing(scenario, failure)
    must = {*here, *(_required(case, standing, known) if standing else ()), *(place for place, stream in known.items() if stream.marks[-1] in BROKEN)}
    clean = min((series.clean_streak(known[place].marks) if place in known else 0 for place in must), default=0)
    ends = sorted({(run.at, run.id) for stream in known.values() for run, mark in zip(stream.runs, stream.marks, strict=True) if mark in BROKEN})
    run, decided = _deciding([known[place] for place in here] or list(known.values()))
    outcome = decided.outcome if decided else None
    return Finding(
        scenario=scenario,
        failure=failure,
        title=outcome.title if outcome else "",
        owner=outcome.owner if outcome else "",
        severity=worst((known[place].seen[-1].outcome.severity for place in here), standing.severity if standing else "info"),
        opens=_why(case, here) if _agreed(case, failure, known, here) else "",
        closes=_kept(case, clean, must),
        clean=clean,
        broken=tuple(at for at, _ in ends),
        since=_since(case, [known[place] for place in here]),
        surfaces=tuple(sorted({surface for surface, _ in here})),
        locations=tuple(sorted({location for _, location in here})),
        shown=shown(run, decided) if run else Shown(),
    )


def _required(case: Case, standing: Standing, known: Mapping[Place, Stream]) -> Iterator[Place]:
    """Yield the places where an open alert was seen broken.

    Its surfaces and its locations are kept, not their pairs: a pair that a location's runs never try is none. A location that fell silent stays required.
    """
    for location in standing.locations or ("",):
        runs = case.by_location.get(location, ())
        tried = {surface for run in runs for surface in run.said.surfaces.get(standing.scenario, ())}
        tried |= {surface for run in runs for name, surface in run.manifest if name == standing.scenario}
        for surface in standing.surfaces or ("",):
            if not runs or not tried or surface in tried or (surface, location) in known:
                yield surface, location


def _agreed(case: Case, failure: str, known: Mapping[Place, Stream], here: Mapping[Place, str]) -> bool:
    """Tell whether enough locations see it at present: one that has said nothing for long sees nothing. Only availability asks for more than one."""
    if failure != "availability" or case.view.target.agree <= 1:
        return bool(here)
    seeing = {place[1] for place in here if case.now - known[place].runs[-1].at <= case.patience}
    return len(seeing) >= case.view.target.agree


def _since(case: Case, broken: Sequence[Stream]) -> float:
    firsts = [stream.runs[first].at for stream in broken if (first := series.begun(stream.marks, case.policy.clean_runs_to_close)) is not None]
    return min(firsts, default=0.0)


def _deciding(broken: Sequence[Stream]) -> tuple[Ran | None, Observation | None]:
    """Return the latest failure, the worst of several."""
    ends = [(stream.runs[place], stream.seen[place]) for stream in broken for place in [_last(stream)] if place is not None]
    if not ends:
        return None, None
    return max(ends, key=lambda end: (end[0].at, end[1].mark is Mark.CONFIRMED, end[1].outcome.surface))


def _last(stream: Stream) -> int | None:
    return next((place for place in range(len(stream.marks) - 1, -1, -1) if stream.marks[place] in BROKEN), None)


def _why(case: Case, here: Mapping[Place, str]) -> str:
    """Say why it opens: each reason with the surfaces on which it holds, then the locations."""
    reasons: dict[str, set[str]] = {}
    for (surface, _), why in sorted(here.items()):
        reasons.setdefault(why, set()).add(surface)
    said = "; ".join(f"{why}, {wording.surfaces(where)}" for why, where in reasons.items())
    locations = sorted({location for _, location in here})
    return said + (f"; seen from {wording.listed(locations)}" if case.several else "")


def _kept(case: Case, clean: int, must: set[Place]) -> str:
    where = wording.surfaces({surface for surface, _ in must if surface})
    locations = sorted({location for _, location in must if location})
    return f"kept in {wording.times(clean, 'run')} in a row" + (f", {where}" if where else "") + (f", from {wording.listed(locations)}" if case.several else "")
