"""What a whole run says: its exit code, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from verdicts.outcome import Outcome, Status, final

KEPT, BROKEN, USAGE, CANNOT_TELL = 0, 1, 2, 3

UNTOLD = (Status.ERROR, Status.INCOMPLETE, Status.BLOCKED)
"""Ends of an attempt that say nothing about the promise."""


def conclude(outcomes: Iterable[Outcome], expected: Collection[tuple[str, str]]) -> tuple[int, str]:
    """Return a run's exit code and the reason in words.

    `expected` holds the scenario and surface of every attempt that was to be made: one that is missing is never a pass. A broken promise
    outweighs what could not be told.
    """
    last = final(outcomes)
    counted = Counter(outcome.status for outcome in last)
    absent = set(expected) - {outcome.key for outcome in last}
    proven = counted[Status.PASSED] + counted[Status.DEGRADED]
    untold = [f"{counted[status]} {status}" for status in UNTOLD if counted[status]] + ([f"{len(absent)} never ended"] if absent else [])
    if counted[Status.FAILED]:
        count = counted[Status.FAILED]
        return BROKEN, f"{count} promise{'s' * (count > 1)} broken" + (f"; and not told: {', '.join(untold)}" if untold else "")
    if untold:
        return CANNOT_TELL, f"the monitor cannot tell: {', '.join(untold)}"
    if not proven:
        return CANNOT_TELL, "nothing was proven: no scenario was selected that the product offers and that is not in quarantine"
    slow = f"; {counted[Status.DEGRADED]} degraded" if counted[Status.DEGRADED] else ""
    return KEPT, f"every promise kept{slow}"


def to_confirm(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Return the outcomes that a second whole attempt must confirm: all that are neither green nor beside the point."""
    settled = {Status.PASSED, Status.DEGRADED, Status.NOT_APPLICABLE, Status.QUARANTINED}
    return [outcome for outcome in final(outcomes) if outcome.status not in settled]
