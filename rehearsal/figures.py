"""The figures of a rehearsal: pure functions of its verdicts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rehearsal.assess import Gap, Mark, Verdict

CONFIDENCE = 0.95
"""Of the one-sided lower bound."""
HALVINGS = 60
"""Of the interval in which the bound lies: its error is below 1e-18."""


@dataclass(frozen=True)
class Rate:
    """`hits` of `tried`, and the lower bound of the rate that they speak for."""

    hits: int
    tried: int
    lower: float

    @property
    def share(self) -> float:
        """The rate that was seen."""
        return self.hits / self.tried if self.tried else 0.0


def rate(hits: int, tried: int) -> Rate:
    """Return a rate with its exact one-sided 95 % lower bound (Clopper and Pearson, Biometrika 26, 1934)."""
    return Rate(hits, tried, lower_bound(hits, tried))


def lower_bound(hits: int, tried: int, confidence: float = CONFIDENCE) -> float:
    """Return the p at which P(X >= hits), X binomial of `tried` and p, is 1 - confidence."""
    if hits == 0:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        tail = math.fsum(math.comb(tried, k) * middle**k * (1 - middle) ** (tried - k) for k in range(hits, tried + 1))
        low, high = (middle, high) if tail < 1 - confidence else (low, middle)
    return low


def detected(verdict: Verdict) -> bool:
    """Tell whether the fault was told of by the expected scenario, whatever else was wrong. A crash of the monitor is no detection: that is another alert."""
    return any(each.scenario == (verdict.expects or {}).get("scenario") for each in verdict.told)


def counted(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Return the drills that count: controls, and faults at their full intensity. A lower one asks how little is detected, and shows no gap."""
    return [each for each in verdicts if not each.lower]


def full(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Return the drills of faults (no controls) that could tell, at their full dose."""
    return [each for each in counted(verdicts) if not each.control and each.mark is not Mark.CANNOT_TELL]


def green(verdicts: Iterable[Verdict]) -> tuple[int, int]:
    """Return in how many of the faults that were detected the product said of itself that it was well all the while, and in how many it was asked."""
    asked = [each for each in full(verdicts) if detected(each) and each.green is not None]
    return sum(bool(each.green) for each in asked), len(asked)


def detection(verdicts: Iterable[Verdict]) -> dict[str, Rate]:
    """Return the detection rate of each severity, and of all together under an empty name. A fault that was told of wrongly counts as missed."""
    tried: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for each in full(verdicts):
        for name in ("", each.severity):
            tried[name] += 1
            hits[name] += each.mark is Mark.PROVEN or (each.mark is Mark.FALSE_ALARM and detected(each))
    return {name: rate(hits[name], tried[name]) for name in sorted(tried)}


@dataclass(frozen=True)
class Times:
    """Seconds (or runs, minutes): the median, the 95th percentile (nearest rank) and the most of `number` values."""

    number: int
    median: float
    p95: float
    most: float


def times(values: Iterable[float | None]) -> Times | None:
    """Return the figures of those values that are there; None where none is."""
    known = sorted(each for each in values if each is not None)
    if not known:
        return None
    middle = len(known) // 2
    median = known[middle] if len(known) % 2 else (known[middle - 1] + known[middle]) / 2
    return Times(len(known), median, known[math.ceil(0.95 * len(known)) - 1], known[-1])


def confusion(verdicts: Iterable[Verdict], what: str) -> dict[tuple[str, str], int]:
    """Count (expected, told) for `what`: scenario, owner or severity. Told is ``nobody`` where nothing arrived."""
    pairs: Counter[tuple[str, str]] = Counter()
    for each in full(verdicts):
        assert each.expects is not None
        wanted = each.expects[what]
        own = [told for told in each.told if told.scenario == each.expects["scenario"]]
        shown = own or [told for told in each.told if told not in each.beside]
        got = {getattr(told, what) for told in shown} or {"nobody"}
        pairs[wanted, wanted if wanted in got else min(got)] += 1
    return dict(pairs)


def silent(verdicts: Iterable[Verdict], scenarios: Iterable[str]) -> list[str]:
    """Return the scenarios that no fault ever made speak: nothing shows that they can."""
    spoke = {told.scenario for each in verdicts if not each.control for told in each.told}
    return sorted(set(scenarios) - spoke)


def unseen(verdict: Verdict) -> bool:
    """Tell whether it is a lower intensity that took, and was not detected: less than the monitor can see, and no miss."""
    return verdict.lower and verdict.mark is Mark.MISSED and not detected(verdict)


def least_dose(verdicts: Sequence[Verdict], fault: str) -> int | None:
    """Return the least intensity (percent) from which on every one that was tried is detected; None where the full one is not.

    One at which the fault was not seen to take was not tried.
    """
    found = None
    for each in sorted((each for each in verdicts if each.fault == fault and each.mark is not Mark.CANNOT_TELL), key=lambda each: -each.dose):
        if not detected(each):
            break
        found = each.dose
    return found


def gaps(verdicts: Iterable[Verdict]) -> dict[Gap, int]:
    """Count the gaps."""
    return dict(Counter(each.gap for each in counted(verdicts) if each.gap))


def exit_code(verdicts: Sequence[Verdict]) -> int:
    """Return 0 where all is as expected, 1 where something was missed or a false alarm was raised, 3 where it cannot be told. Lower doses do not count."""
    marks = {each.mark for each in counted(verdicts)}
    if marks & {Mark.MISSED, Mark.FALSE_ALARM}:
        return 1
    return 3 if not marks or Mark.CANNOT_TELL in marks else 0
