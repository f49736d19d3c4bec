"""What is measured, and the bars: how much the suite may take, as a share of what a rival takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.contestants import BARE, FRUGAL, PLAYWRIGHT_TEST, RUN, SUITE, Contestant
from flows.contract.driver import Surface


@dataclass(frozen=True)
class Bar:
    """How much the suite may take at most, as a share of a rival; None where nothing was promised."""

    wall: float | None = None
    cpu: float | None = None
    memory: float | None = None


NONE = Bar()


@dataclass(frozen=True)
class Contest:
    """So many journeys, against a stub whose projects become active after some seconds: who takes part, and the bars against each rival."""

    name: str
    surface: Surface
    journeys: int
    active_after: float
    rivals: dict[Contestant, Bar]
    besides: Sequence[Contestant] = ()
    """Who of ours is measured too, without a bar."""

    @property
    def title(self) -> str:
        """Say what is done."""
        what = f"{self.journeys} journeys" if self.journeys > 1 else "one cold check"
        wait = f", each waits {self.active_after:g} s" if self.active_after else ""
        return f"{what}, {self.surface}{wait}"

    @property
    def everybody(self) -> list[Contestant]:
        """Name all who take part, the suite first."""
        return [SUITE, *self.besides, *self.rivals]

    def smaller(self) -> Contest:
        """Return the same contest for a smoke run."""
        return Contest(self.name, self.surface, min(self.journeys, 8), min(self.active_after, 1), self.rivals, self.besides)


API, BROWSER = Surface.API, Surface.BROWSER
CONTESTS = (
    Contest("api-waiting", API, 64, 5, {FRUGAL: NONE, BARE: Bar(1.15, 1.3), PLAYWRIGHT_TEST: Bar(0.30, 0.20)}),
    Contest("api-50", API, 50, 0, {FRUGAL: NONE, BARE: NONE, PLAYWRIGHT_TEST: Bar(0.20, 0.10)}),
    Contest("api-200", API, 200, 0, {FRUGAL: NONE, BARE: NONE, PLAYWRIGHT_TEST: NONE}),
    Contest("browser-waiting", BROWSER, 16, 5, {BARE: Bar(1.10, 1.10), PLAYWRIGHT_TEST: Bar(0.55, 0.55, 0.45)}),
    Contest("browser-cold", BROWSER, 1, 0, {BARE: NONE, PLAYWRIGHT_TEST: Bar(0.8, 0.75)}, [RUN]),
    Contest("api-cold", API, 1, 0, {BARE: NONE, PLAYWRIGHT_TEST: Bar(0.5, 0.2)}, [RUN]),
    Contest("browser-20", BROWSER, 20, 5, {BARE: NONE, PLAYWRIGHT_TEST: NONE}),
    Contest("api-20", API, 20, 5, {BARE: NONE, PLAYWRIGHT_TEST: NONE}),
)
SWEEP = 1.3
"""The wall of a whole sweep, as a share of the larger of its longest scenario and its CPU seconds for each core."""
