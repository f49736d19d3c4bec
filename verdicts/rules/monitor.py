"""The monitor's own faults: it cannot tell, or leaves things behind. They concern its maintainers, and never the owner of a promise (`trust.md`, 8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from verdicts import series, wording
from verdicts.case import Case
from verdicts.finding import Finding, Shown, shown
from verdicts.observe import BROKEN, FAILURES, Mark, Observation
from verdicts.outcome import Status
from verdicts.rules.whole import Down
from verdicts.view import CANNOT_TELL, LEFT_BEHIND, Ran

RISK, RUNBOOK = "monitor-blind", "launch/runbooks/monitoring.md"
TELLING = 0, 1
"""Exit codes of a run that could tell: every promise kept, or at least one broken."""


@dataclass(frozen=True)
class Word:
    """What one run says of the monitor itself, and the observation that shows it."""

    mark: Mark
    why: str = ""
    shown: Observation | None = None


def cannot_tell(case: Case, down: Down, *, known: bool) -> Finding | None:
    """Return what is known of the monitor's being able to tell. `known` says that the target as a whole has an open alert.

    Where several locations have to agree that the target is down, one that alone says so is taken for a fault of its own.
    """
    alone = case.view.target.agree > 1

    def word(run: Ran) -> Word:
        if not run.whole and case.whole:  # a selection tells of the monitor only where nothing else runs
            return Word(Mark.UNTOLD)
        if case.reach(run).mark in FAILURES:
            if not alone:
                return Word(Mark.UNTOLD)
            why = f"{run.location} alone sees the target down: {case.reach(run).why}"
            return Word(Mark.EXCUSED if down.agreed or known else Mark.SUSPECT, why)
        return fault(case, run)

    return _finding(
        case, word, CANNOT_TELL, "availability", "error", "The monitor can tell whether promises are kept.", "the monitor could tell again in {} in a row"
    )


def fault(case: Case, run: Ran) -> Word:
    """Say whether a run shows a fault of the monitor.

    A run that ended without being able to tell is one, unless all that it could not tell was blocked by the product or met nobody.
    """
    said = case.said(run)
    if said.faults:
        first = min(said.faults, key=lambda each: each.outcome.key)
        counted = wording.times(len(said.faults), "attempt")
        return Word(Mark.SUSPECT, f"{counted} could not be judged", first)
    if run.state == "incomplete":
        return Word(Mark.SUSPECT, "a run was killed, or never came to its end")
    if run.exit is not None and run.exit not in TELLING and not _explained(case, run):
        return Word(Mark.SUSPECT, f"a run ended with exit code {run.exit}")
    return Word(Mark.CLEAN)


def _explained(case: Case, run: Ran) -> bool:
    said = case.said(run)
    hindered = [each for each in said.observations.values() if each.unreached or each.end is Status.BLOCKED]
    there = {key for key in run.manifest if not case.hidden(key[0])}
    return bool(hindered) and there <= set(said.observations)


def left_behind(case: Case) -> Finding | None:
    """Return what is known of things that runs left behind in the product."""

    def word(run: Ran) -> Word:
        if run.left_behind:
            return Word(Mark.SUSPECT, f"{wording.times(run.left_behind, 'thing')} left behind")
        return Word(Mark.CLEAN if run.state == "ended" and not run.unreachable else Mark.UNTOLD)

    return _finding(case, word, LEFT_BEHIND, "integrity", "warning", "A run leaves nothing behind in the product.", "nothing was left behind in {} in a row")


def _finding(case: Case, word: Callable[[Ran], Word], scenario: str, failure: str, severity: str, title: str, closes: str) -> Finding | None:
    """Put the words of each location's runs together: so many faulty ones among the last few open it, from any location."""
    standing = case.standing(scenario, failure)
    policy = case.policy
    opening = [
        location
        for location, runs in case.by_location.items()
        if series.breaks([each.mark for _, each in _words(runs, word, policy.suite_window)], policy.suite_failures, policy.suite_window)
    ]
    if standing is None and not opening:
        return None
    words = {location: _words(runs, word) for location, runs in case.by_location.items()}
    said: Mapping[str, list[Mark]] = {location: [each.mark for _, each in found] for location, found in words.items()}
    must = {*opening, *(standing.locations if standing else ())}
    clean = min((series.clean_streak(said.get(each, ())) for each in must), default=0)
    broken = sorted((run.at, run.id) for found in words.values() for run, each in found if each.mark in BROKEN)
    last = max((pair for each in must for pair in words.get(each, ()) if pair[1].mark in BROKEN), key=lambda pair: (pair[0].at, pair[0].id), default=None)
    firsts = [words[each][first][0].at for each in opening if (first := series.begun(said[each], policy.clean_runs_to_close)) is not None]
    return Finding(
        scenario=scenario,
        failure=failure,
        title=title,
        owner=case.view.target.maintainers,
        severity=severity,
        opens=_why(case, last, said, opening) if opening and last else "",
        closes=closes.format(wording.times(clean, "run")),
        clean=clean,
        broken=tuple(at for at, _ in broken),
        since=min(firsts, default=0.0),
        locations=tuple(opening),
        shown=replace(shown(last[0], last[1].shown) if last else Shown(), risk=RISK, runbook=RUNBOOK),
    )


def _words(runs: Sequence[Ran], word: Callable[[Ran], Word], latest: int | None = None) -> list[tuple[Ran, Word]]:
    """Return what the runs say that say anything; only so many of the latest where a number is given."""
    telling = ((run, said) for run in reversed(runs) if (said := word(run)).mark is not Mark.UNTOLD)
    return list(islice(telling, latest))[::-1]


def _why(case: Case, last: tuple[Ran, Word], said: Mapping[str, list[Mark]], opening: list[str]) -> str:
    policy = case.policy
    marks = said[last[0].location]
    window = min(len(marks), policy.suite_window)
    why = f"in {series.failures(marks, policy.suite_window)} of the last {window} runs; in the latest, {last[1].why}"
    return why + (f"; at {wording.listed(opening)}" if case.several else "")
