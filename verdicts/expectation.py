"""What to expect of the policy before anything breaks: how long until somebody is told, and how often somebody is told of nothing.

Symbols, for one scenario: ``C`` cadence, ``R`` from the start of a run to its judgement, ``a`` an attempt, ``s`` surfaces, ``n`` locations of which ``m`` must
agree, ``k`` runs of a location that are needed, ``b`` the share of attempts that fail once by chance, ``r`` the share of those that fail again when confirmed.

**Time to detect.** A promise breaks for good at a moment that has nothing to do with the schedule, so the first try after it is uniform over one cadence;
locations have phases of their own, so the m-th of n to try is at ``C·m/(n+1)`` in the mean (order statistics of a uniform sample: David and Nagaraja,
*Order Statistics*, 2.1) and at ``C`` at worst. Further runs follow one cadence apart, and the decision falls when the last of them is judged::

    mean   C·m/(n+1) + (k-1)·C + R + a        (a: the confirming attempt, where there is one)
    worst  C         + (k-1)·C + R + deadline

``R`` counts from the start of the run although a scenario may be tried late in it: what is gained there is not promised.

**False alerts.** In ``N`` = 30 days / C runs of each location, each of the ``n·s`` streams is falsely broken with the probability ``q`` = (b·r)^k, where
failures are confirmed; where they are not, with q = b·P(Binomial(w-1, b) ≥ f-1), because f of the last w runs must fail. To the first order in q (an alert
that is open already does not open again, which makes it fewer)::

    one location sees it    N·n·s·q
    m of n must agree       N·n·p·P(Binomial(n-1, p) = m-1)   with p = 1-(1-q)^s: the one that sees it last opens the alert

**Journeys.** The budget of a journey burns when all of it is late: ``j`` cadences after that, j of the w runs in a window are bad, so that j must reach the
thresholds of both windows, and the least number of bad attempts. By chance, the number of bad attempts in a window is binomial; it rises through its
threshold K from one run to the next with the probability ``Σ P(S=i)·P(B≥K-i)·P(B<K-i)``, where B counts the attempts of the run that comes, or of the one that
leaves, and S those of the runs between. An alert that opened stays open while either window burns, so its openings are at most the rises of the rarer window.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from verdicts import wording
from verdicts.observe import TOLD, Mark
from verdicts.outcome import Status
from verdicts.view import POOL, Expectation, Policy, Ran

MONTH = 30 * 86400.0


@dataclass(frozen=True)
class Measured:
    """What the history tells, in seconds and shares; None, or no entry, where it is too short to tell. `attempts` is by scenario."""

    run: float | None = None
    attempts: Mapping[str, float] = field(default_factory=dict)
    blips: float | None = None


@dataclass(frozen=True)
class Pace:
    """How a target is watched: every `cadence` seconds from each of `locations`, `agree` of which must see that something is not available."""

    cadence: float
    locations: int = 1
    agree: int = 1
    confirms: bool = True
    measured: Measured = Measured()

    def run(self, policy: Policy) -> float:
        """Return how long a run takes: as measured, else as assumed; it has to end before the next begins."""
        return min(policy.assumed_run, self.cadence) if self.measured.run is None else self.measured.run

    def blips(self, policy: Policy) -> float:
        """Return the share of attempts that fail once by chance."""
        return policy.assumed_blips if self.measured.blips is None else self.measured.blips


@dataclass(frozen=True)
class Promise:
    """A scenario as far as its expectation goes: on how many surfaces it is tried, and when the supervisor ends an attempt."""

    scenario: str
    failure: str
    surfaces: int
    deadline: float


def expect(promise: Promise, pace: Pace, policy: Policy) -> Expectation:
    """Return what to expect of one scenario."""
    agree = pace.agree if promise.failure == "availability" else 1
    needed = _needed(promise, pace, policy)
    again = pace.measured.attempts.get(promise.scenario, min(policy.assumed_attempt, promise.deadline)) if pace.confirms else 0.0
    waits = (needed - 1) * pace.cadence + pace.run(policy)
    runs = MONTH / pace.cadence * pace.locations
    chance = _by_chance(needed, pace, policy)
    seen = 1 - (1 - chance) ** promise.surfaces
    return Expectation(
        scenario=promise.scenario,
        detect=pace.cadence * agree / (pace.locations + 1) + waits + again,
        detect_worst=pace.cadence + waits + (promise.deadline if pace.confirms else 0.0),
        false_pages=runs * (seen * _binomial(pace.locations - 1, agree - 1, seen) if agree > 1 else promise.surfaces * chance),
        why=_words(promise, pace, policy, agree),
    )


def expect_journey(journey: str, promises: Sequence[Promise], pace: Pace, policy: Policy) -> Expectation:
    """Return what to expect of a journey's budget, when all of it is late from some moment on."""
    attempts = sum(each.surfaces for each in promises)
    cadences = _cadences(attempts, pace, policy)
    waits = (cadences - 1) * pace.cadence + pace.run(policy)
    chance = pace.blips(policy) * ((1 - policy.assumed_blips_repeat) if pace.confirms else 0.0)
    rises = min(_rises(attempts, seconds, pace, policy, policy.page_burn, chance) for seconds in policy.page_windows)
    page, ticket = (wording.listed(map(wording.span, windows)) for windows in (policy.page_windows, policy.ticket_windows))
    return Expectation(
        scenario=f"{journey}.{POOL}",
        detect=pace.cadence / 2 + waits,
        detect_worst=pace.cadence + waits,
        false_pages=MONTH / pace.cadence * pace.locations * rises,
        why=f"a page where the pooled budget of {100 * (1 - policy.objective):.3g} % burns {policy.page_burn:g} times too fast over {page}, a ticket at "
        f"{policy.ticket_burn:g} times over {ticket}; closes when neither window burns, after {wording.times(policy.clean_runs_to_close, 'clean run')}",
    )


def measure(runs: Iterable[Ran], policy: Policy) -> Measured:
    """Return what a history tells. A blip is a first attempt that failed where the second one passed; what stayed broken is not counted at all."""
    ended = [run for run in runs if run.state == "ended" and run.ended is not None]
    took = [run.ended - run.started for run in ended if run.whole and run.ended is not None]
    seconds: dict[str, list[float]] = {}
    tried = blips = 0
    for run in ended:
        failed = {each.key for each in run.outcomes if each.status is Status.FAILED}
        for key, seen in run.said.observations.items():
            if seen.mark in TOLD:
                seconds.setdefault(key[0], []).append(seen.outcome.seconds)
            if seen.mark in {Mark.CLEAN, Mark.DEGRADED}:
                tried += 1
                blips += key in failed
    return Measured(
        run=statistics.median(took) if took else None,
        attempts={scenario: statistics.fmean(each) for scenario, each in seconds.items()},
        blips=blips / tried if tried >= policy.measured_from else None,
    )


def _needed(promise: Promise, pace: Pace, policy: Policy) -> float:
    """Return how many runs of a location it takes. What is late and cannot be confirmed is the journey's alone."""
    if promise.failure == "latency":
        return 2 if pace.confirms else math.inf
    return 1 if pace.confirms else policy.availability_failures


def _by_chance(needed: float, pace: Pace, policy: Policy) -> float:
    """Return the probability that a run breaks a stream by chance, as the last one of those that are needed."""
    blips = pace.blips(policy)
    if pace.confirms:
        return float((blips * policy.assumed_blips_repeat) ** needed)
    if math.isinf(needed):
        return 0.0
    before = policy.availability_window - 1
    return blips * math.fsum(_binomial(before, hits, blips) for hits in range(policy.availability_failures - 1, before + 1))


def _cadences(attempts: int, pace: Pace, policy: Policy) -> int:
    """Return after how many cadences, all late, both windows burn enough."""
    least = math.ceil(policy.burn_least / max(1, attempts * pace.locations))
    share = policy.page_burn * (1 - policy.objective)
    return max(least, *(math.ceil(share * _runs_in(seconds, pace) - 1e-9) for seconds in policy.page_windows))


def _runs_in(seconds: float, pace: Pace) -> int:
    """Return how many runs of one location a window holds."""
    return max(1, math.ceil(seconds / pace.cadence - 1e-9))


def _rises(attempts: int, seconds: float, pace: Pace, policy: Policy, burn: float, chance: float) -> float:
    """Return the probability that with one more run the bad attempts in a window reach what the rule asks for."""
    runs = _runs_in(seconds, pace) * pace.locations
    threshold = math.ceil(burn * (1 - policy.objective) * runs * attempts - 1e-9)
    if seconds == max(policy.page_windows):
        threshold = max(threshold, policy.burn_least)
    one = [_binomial(attempts, hits, chance) for hits in range(attempts + 1)]
    return math.fsum(
        _binomial((runs - 1) * attempts, threshold - lacking, chance) * math.fsum(one[lacking:]) * math.fsum(one[:lacking])
        for lacking in range(1, min(attempts, threshold) + 1)
    )


def _binomial(count: int, hits: int, chance: float) -> float:
    """Return the probability of so many hits in so many tries. In logarithms, because the numbers of a week do not fit otherwise."""
    if not 0 <= hits <= count:
        return 0.0
    if chance in {0.0, 1.0}:
        return float(hits == count * chance)
    ways = math.lgamma(count + 1) - math.lgamma(hits + 1) - math.lgamma(count - hits + 1)
    return math.exp(ways + hits * math.log(chance) + (count - hits) * math.log1p(-chance))


def _words(promise: Promise, pace: Pace, policy: Policy, agree: int) -> str:
    often = f"{policy.availability_failures} of the last {policy.availability_window} runs failed"
    if promise.failure == "latency":
        opens = "2 confirmed failures in a row, or the budget of its journey burns" if pace.confirms else "the budget of its journey burns"
    else:
        opens = f"one failure, confirmed by a second whole attempt, or {often}" if pace.confirms else often
    seen = f", seen from {agree} of {pace.locations} locations" if agree > 1 else ""
    return f"{opens}{seen}; closes after {wording.times(policy.clean_runs_to_close, 'clean run')}"
