"""Leaving quarantine: after enough clean runs in a row, or on the day that was set. Until then a scenario opens and closes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from verdicts import wording
from verdicts.case import Case
from verdicts.observe import TOLD, Mark
from verdicts.view import Change, Quarantine, Turn


def changes(case: Case) -> Iterator[Change]:
    """Yield the quarantines that end."""
    for each in case.quarantines:
        if case.now >= each.expires:
            yield _leaves(each, "its day has come")
        elif (clean := streak(case, each)) >= each.clean_runs:
            yield _leaves(each, f"{wording.times(clean, 'clean run')} in a row")


def streak(case: Case, quarantine: Quarantine) -> int:
    """Return how many runs in a row, since it began, told of it and found all of it clean, on every surface. A run that could not tell is passed over."""
    clean = 0
    for run in reversed(case.runs):
        if run.at < quarantine.created:
            break
        marks = {each.mark for (scenario, _), each in run.said.observations.items() if each.mark in TOLD and fnmatchcase(scenario, quarantine.scenario)}
        if marks - {Mark.CLEAN}:
            break
        clean += bool(marks)
    return clean


def _leaves(each: Quarantine, why: str) -> Change:
    return Change(Turn.LEAVE_QUARANTINE, "", each.scenario, "", why, alert=each.id, owner=each.owner)
