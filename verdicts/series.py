"""Marks of one stream, oldest first, and the two questions that alerting asks of them. Marks that say nothing are left out before."""

from __future__ import annotations

from collections.abc import Sequence

from verdicts.observe import FAILURES, Mark


def clean_streak(marks: Sequence[Mark]) -> int:
    """Return how many clean ones in a row stand at the end. Everything else that says something, a degraded one too, begins anew."""
    streak = 0
    for mark in reversed(marks):
        if mark is not Mark.CLEAN:
            break
        streak += 1
    return streak


def failures(marks: Sequence[Mark], window: int) -> int:
    """Return how many of the last `window` failed."""
    return sum(mark in FAILURES for mark in marks[-window:])


def breaks(marks: Sequence[Mark], needed: int, window: int) -> bool:
    """Tell whether an alert opens: the last one failed, and is confirmed or one of `needed` failures among the last `window`.

    That the last one must have failed keeps what has healed from being told when a silence ends, and opening apart from closing.
    """
    if not marks or marks[-1] not in FAILURES:
        return False
    return marks[-1] is Mark.CONFIRMED or failures(marks, window) >= needed


def begun(marks: Sequence[Mark], healed: int) -> int | None:
    """Return the place of the first failure after the last `healed` clean ones in a row; None where nothing failed since."""
    first, streak = None, 0
    for place, mark in enumerate(marks):
        streak = streak + 1 if mark is Mark.CLEAN else 0
        if streak >= healed:
            first = None
        elif first is None and mark in FAILURES | {Mark.EXCUSED}:
            first = place
    return first
