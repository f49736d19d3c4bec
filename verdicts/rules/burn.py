"""A journey that is late too often: the burn rate of its budget, pooled over its scenarios, surfaces and locations.

The burn rate is the share of bad attempts, divided by the share that the objective allows: at 1 the budget lasts exactly as long as it should. An alert needs
two windows to burn, a long one, so that it is much, and a short one, so that it is now. Multi-window, multi-burn-rate alerts:
*The Site Reliability Workbook*, chapter 5, "Alerting on SLOs", approach 6 (https://sre.google/workbook/alerting-on-slos/), which has 14.4 over 1 h and
6 over 6 h with a twelfth of each as the short window; a five-minute cadence has too few runs in five minutes, so the short ones are 15 and 30 min here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from launch.vocabulary import JOURNEYS
from verdicts import wording
from verdicts.case import Case
from verdicts.finding import Finding, Shown, shown, worst
from verdicts.observe import Tally
from verdicts.view import POOL, Policy, Ran, Standing

FAILURE = "latency"
ROUNDING = 1e-9


@dataclass(frozen=True)
class Window:
    """The attempts of a journey in one window of `seconds`, and how many were bad. `burn` is how fast the rule's budget may burn."""

    seconds: float
    attempts: int
    bad: int
    burn: float
    objective: float

    @property
    def rate(self) -> float:
        """The burn rate: 1 uses up the budget exactly."""
        return self.bad / self.attempts / (1 - self.objective) if self.attempts else 0.0

    @property
    def burns(self) -> bool:
        """Tell whether it burns at least as fast as the rule allows."""
        return self.bad > 0 and self.bad >= self.burn * (1 - self.objective) * self.attempts - ROUNDING


@dataclass(frozen=True)
class Rule:
    """Two windows, the longer first."""

    long: Window
    short: Window

    def opens(self, policy: Policy) -> bool:
        """Tell whether both burn, and not by a handful of attempts alone."""
        return self.long.bad >= policy.burn_least and self.long.burns and self.short.burns

    @property
    def quiet(self) -> bool:
        """Tell whether neither burns."""
        return not self.long.burns and not self.short.burns

    @property
    def why(self) -> str:
        """Say how fast the budget burned."""
        return (
            f"burned {self.long.rate:.3g} times its budget over {wording.span(self.long.seconds)} and {self.short.rate:.3g} times over "
            f"{wording.span(self.short.seconds)}: {self.long.bad} of {self.long.attempts} attempts were slow, or kept only on the second try"
        )


Told = list[tuple[Ran, Tally]]


def findings(case: Case) -> Iterator[Finding]:
    """Yield what is known of each journey with a bad attempt in memory, or an open alert."""
    told: dict[str, Told] = {}
    for run in case.runs:
        if not case.down(run):
            for journey, tally in case.said(run).tallies.items():
                told.setdefault(journey, []).append((run, tally))
    for journey in sorted({*told, *(each.scenario.removesuffix(f".{POOL}") for each in case.view.open if each.scenario.endswith(f".{POOL}"))}):
        found = told.get(journey, [])
        standing = case.standing(f"{journey}.{POOL}", FAILURE)
        rules = _rules(case, found)
        if standing or any(rule.opens(case.policy) for rule in rules):
            yield _finding(case, journey, found, standing, *rules)


def _rules(case: Case, told: Told) -> tuple[Rule, Rule]:
    """Return the rule that pages and the one that makes a ticket. Windows end with the latest run, so that time alone opens nothing."""
    policy, end = case.policy, case.runs[-1].at if case.runs else case.now

    def window(seconds: float, burn: float) -> Window:
        inside = [tally for _, tally in takewhile(lambda each: each[0].at > end - seconds, reversed(told))]
        return Window(seconds, sum(each.attempts for each in inside), sum(len(each.bad) for each in inside), burn, policy.objective)

    page, ticket = (
        Rule(*(window(seconds, burn) for seconds in windows))
        for windows, burn in ((policy.page_windows, policy.page_burn), (policy.ticket_windows, policy.ticket_burn))
    )
    return page, ticket


def _finding(case: Case, journey: str, told: Told, standing: Standing | None, page: Rule, ticket: Rule) -> Finding:
    pages, tickets = page.opens(case.policy), ticket.opens(case.policy)
    rule = page if pages or (standing and standing.severity != "warning" and not tickets) else ticket
    bad = [(run, each) for run, tally in told for each in tally.bad]
    end = case.runs[-1].at if case.runs else case.now
    recent = [(run, each) for run, each in bad if run.at > end - rule.long.seconds]
    owner = _most([each.outcome.owner for _, each in recent])
    last = max((pair for pair in recent if pair[1].outcome.owner == owner), key=lambda pair: (pair[0].at, pair[1].outcome.key), default=None)
    own = ticket if standing and standing.severity == "warning" else page
    still = pages or tickets or (standing is not None and not own.quiet)
    clean = 0 if still else _clean(told)
    return Finding(
        scenario=f"{journey}.{POOL}",
        failure=FAILURE,
        title=f"{JOURNEYS.get(journey, journey)}: {100 * case.policy.objective:.4g} % of attempts are kept in time, at the first try.",
        owner=owner,
        severity=worst([*(each.outcome.severity for _, each in recent), "error"]) if pages else "warning",
        opens=rule.why if pages or tickets else "",
        closes=f"the budget no longer burns, and {wording.times(clean, 'run')} in a row had no slow attempt",
        clean=clean,
        broken=tuple(run.at for run, tally in told if tally.bad),
        since=recent[0][0].at if recent else 0.0,
        surfaces=tuple(sorted({each.outcome.surface for _, each in recent})),
        locations=tuple(sorted({run.location for run, _ in recent})),
        shown=shown(*last) if last else Shown(),
    )


def _clean(told: Told) -> int:
    streak = 0
    for _, tally in reversed(told):
        if tally.bad:
            break
        streak += 1
    return streak


def _most(owners: list[str]) -> str:
    """Return who stands there most often, the first by name of several."""
    return min(Counter(owners).items(), key=lambda item: (-item[1], item[0]), default=("", 0))[0]
