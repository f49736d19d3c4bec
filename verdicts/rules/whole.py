"""The whole target is down: one cause, one alert. While it is open, the alerts of single promises do not open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from verdicts import series, wording
from verdicts.case import Case
from verdicts.finding import Finding, Shown, shown
from verdicts.observe import BROKEN, Mark
from verdicts.view import UNREACHABLE, Ran

FAILURE = "availability"
RISK, RUNBOOK = "target-down", "launch/runbooks/target.md"


@dataclass(frozen=True)
class Down:
    """Where the target looks down at present, and whether that is enough locations to say so."""

    seeing: tuple[str, ...]
    agreed: bool


def marks(case: Case, location: str, latest: int | None = None) -> tuple[list[Ran], list[Mark]]:
    """Return the runs of a location that could say whether the target is up, and what each said; only so many of the latest where a number is given."""
    telling = (run for run in reversed(case.by_location.get(location, ())) if case.reach(run).mark is not Mark.UNTOLD)
    runs = list(islice(telling, latest))[::-1]
    return runs, [case.reach(run).mark for run in runs]


def down(case: Case) -> Down:
    """Tell where the target looks down.

    A location sees it down when its latest word is a sure one (`verdicts.reach`), or the second suspicion among its last three: one preflight that met
    nobody is one question, and may be the fault of the network at the runner. One more run costs a cadence of time to detect, and saves that page.
    """
    policy, target = case.policy, case.view.target
    seeing = []
    for location in case.by_location:
        runs, said = marks(case, location, policy.suite_window)
        if series.breaks(said, policy.suite_failures, policy.suite_window) and (target.agree <= 1 or case.now - runs[-1].at <= case.patience):
            seeing.append(location)
    return Down(tuple(seeing), bool(seeing) and len(seeing) >= target.agree)


def finding(case: Case, seen: Down) -> Finding | None:
    """Return what is known of the target as a whole; None where it was never down in memory."""
    standing = case.standing(UNREACHABLE, FAILURE)
    if standing is None and not seen.seeing:
        return None
    words: Mapping[str, tuple[Sequence[Ran], Sequence[Mark]]] = {location: marks(case, location) for location in case.by_location}
    broken = sorted({(run.at, run.id) for runs, said in words.values() for run, mark in zip(runs, said, strict=True) if mark in BROKEN})
    must = {*seen.seeing, *(standing.locations if standing else ())}
    clean = min((series.clean_streak(words[each][1]) if each in words else 0 for each in must), default=0)
    last = max((run for each in must if each in words for run, mark in zip(*words[each], strict=True) if mark in BROKEN), key=lambda run: run.at, default=None)
    example = next(iter((*case.said(last).broken, *case.said(last).unreached)), None) if last else None
    firsts = [words[each][0][first].at for each in seen.seeing if (first := series.begun(words[each][1], case.policy.clean_runs_to_close)) is not None]
    return Finding(
        scenario=UNREACHABLE,
        failure=FAILURE,
        title=f"{case.view.target.name} can be reached, and keeps its promises.",
        owner=case.view.target.owner,
        severity="critical",
        opens=_why(case, seen, last) if seen.agreed and last else "",
        closes=f"reached again in {wording.times(clean, 'run')} in a row, and no longer broken nearly everywhere",
        clean=clean,
        broken=tuple(at for at, _ in broken),
        since=min(firsts, default=0.0),
        surfaces=tuple(sorted({each.outcome.surface for each in (*case.said(last).broken, *case.said(last).unreached)})) if last else (),
        locations=seen.seeing,
        shown=replace(shown(last, example) if last else Shown(), risk=RISK, runbook=RUNBOOK),
    )


def _why(case: Case, seen: Down, last: Ran) -> str:
    reached = case.reach(last)
    _, said = marks(case, last.location)
    window = min(len(said), case.policy.suite_window)
    often = "" if reached.mark is Mark.CONFIRMED else f", in {series.failures(said, case.policy.suite_window)} of the last {window} runs"
    return reached.why + often + (f"; seen from {wording.listed(seen.seeing)}" if case.several else "")
