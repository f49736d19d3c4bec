"""The geometry of the drawings. Across, everything is in percent, so that a drawing fits any width and its text is never scaled; down, in pixels."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from reports.site.record import moment
from reports.wording import lasting
from verdicts.outcome import Outcome, Status, Step

_ROW_HEIGHTS = ((16, 17), (48, 13), (80, 8))
"""Up to so many rows, so high is each: a drawing no taller than a screen. From 13 pixels on there is room for words."""
_TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, 86400)


@dataclass(frozen=True)
class Span:
    """A stretch of an axis, in percent of its length."""

    at: float
    width: float


@dataclass(frozen=True)
class StepBar:
    """A step on the time line of its attempt. `mark` is failed (the innermost that failed), within (a step around it), running or passed."""

    step: Step
    span: Span
    mark: str


@dataclass(frozen=True)
class DurationBar:
    """How long a scenario took on a surface, against the longest, with its outermost steps as segments."""

    outcome: Outcome
    width: float
    segments: tuple[tuple[Step, Span], ...]
    longest: Step | None


@dataclass(frozen=True)
class Tick:
    """A mark on the axis of time."""

    at: float
    label: str


@dataclass(frozen=True)
class Bout:
    """An attempt on the time line of the run, in the row in which there was room for it."""

    outcome: Outcome
    span: Span
    row: int


@dataclass(frozen=True)
class Timeline:
    """The run over time: what ran beside what, and how much at once."""

    bouts: tuple[Bout, ...]
    rows: int
    row_height: int
    ticks: tuple[Tick, ...]
    load: tuple[tuple[Span, int], ...]
    peak: int
    overlap: float
    """Seconds of work for each second of the clock."""
    undated: int

    @property
    def height(self) -> int:
        """Return the height of all rows together."""
        return self.rows * self.row_height


def steps(outcome: Outcome) -> list[StepBar]:
    """Lay the steps of an attempt along its duration."""
    scale = max([outcome.seconds, *(each.began + each.seconds for each in outcome.steps), 0.001])
    culprit = max((number for number, each in enumerate(outcome.steps) if each.status == "failed"), key=lambda n: (outcome.steps[n].depth, n), default=None)
    return [StepBar(each, _span(each.began, each.seconds, scale), _mark(each, number == culprit)) for number, each in enumerate(outcome.steps)]


def durations(outcomes: Iterable[Outcome]) -> list[DurationBar]:
    """Lay every duration along the longest, the longest first."""
    ran = sorted((each for each in outcomes if each.status not in {Status.NOT_APPLICABLE, Status.BLOCKED}), key=lambda each: -each.seconds)
    scale = max([each.seconds for each in ran] + [0.001])
    return [_duration(each, scale) for each in ran]


def timeline(attempts: Sequence[Outcome]) -> Timeline | None:
    """Lay every attempt along the run; None where none says when it ran."""
    dated = sorted(((began, each) for each in attempts if (began := moment(each.started))), key=lambda pair: pair[0])
    if not dated:
        return None
    zero = dated[0][0]
    stretches = [((began - zero) / timedelta(seconds=1), max(each.seconds, 0.0), each) for began, each in dated]
    scale = max([began + seconds for began, seconds, _ in stretches] + [0.001])
    bouts = _packed(stretches, scale)
    rows = max(bout.row for bout in bouts) + 1
    load = _load([(began, began + seconds) for began, seconds, _ in stretches], scale)
    return Timeline(
        bouts=bouts,
        rows=rows,
        row_height=next((height for most, height in _ROW_HEIGHTS if rows <= most), 4),
        ticks=_ticks(scale),
        load=load,
        peak=max((number for _, number in load), default=1),
        overlap=sum(seconds for _, seconds, _ in stretches) / scale,
        undated=len(attempts) - len(dated),
    )


def _span(began: float, seconds: float, scale: float) -> Span:
    at = min(max(100 * began / scale, 0.0), 100.0)
    return Span(round(at, 3), round(min(max(100 * seconds / scale, 0.0), 100.0 - at), 3))


def _mark(step: Step, culprit: bool) -> str:  # noqa: FBT001 -- one caller
    if culprit:
        return "failed"
    return {"passed": "passed", "failed": "within"}.get(step.status, "running")


def _duration(outcome: Outcome, scale: float) -> DurationBar:
    outermost = min((each.depth for each in outcome.steps), default=0)
    outer = [each for each in outcome.steps if each.depth == outermost]
    own = max([outcome.seconds, *(each.began + each.seconds for each in outer), 0.001])
    segments = tuple((each, _span(each.began, each.seconds, own)) for each in outer)
    return DurationBar(outcome, round(max(100 * outcome.seconds / scale, 0.2), 3), segments, max(outer, key=lambda each: each.seconds, default=None))


def _packed(stretches: Sequence[tuple[float, float, Outcome]], scale: float) -> tuple[Bout, ...]:
    """Give each stretch the first row that is free when it begins."""
    bouts = []
    busy: list[tuple[float, int]] = []
    free: list[int] = []
    for began, seconds, outcome in stretches:
        while busy and busy[0][0] <= began:
            heapq.heappush(free, heapq.heappop(busy)[1])
        row = heapq.heappop(free) if free else len(busy)
        heapq.heappush(busy, (began + seconds, row))
        bouts.append(Bout(outcome, _span(began, seconds, scale), row))
    return tuple(bouts)


def _load(stretches: Iterable[tuple[float, float]], scale: float) -> tuple[tuple[Span, int], ...]:
    """Count how many ran at once, from each change to the next."""
    changes = sorted((at, by) for began, ended in stretches for at, by in ((began, 1), (ended, -1)))
    level, spans = 0, []
    for (at, by), (until, _) in pairwise(changes):
        level += by
        if until > at and level:
            spans.append((_span(at, until - at, scale), level))
    return tuple(spans)


def _ticks(scale: float) -> tuple[Tick, ...]:
    pace = next((each for each in _TICKS if scale / each <= 8), scale / 8)  # noqa: PLR2004 -- marks that leave room for their labels
    count = int(scale / pace)
    return tuple(Tick(round(100 * number * pace / scale, 3), "0" if number == 0 else _short(number * pace)) for number in range(count + 1))


def _short(seconds: float) -> str:
    return f"{seconds:g} s" if seconds < 60 else lasting(seconds).removesuffix(" 00 s")  # noqa: PLR2004 -- a minute
