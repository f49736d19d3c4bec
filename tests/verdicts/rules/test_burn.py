"""A journey burns its budget when too much of it is late, in a long window and in a short one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.verdicts.made import outcome
from tests.verdicts.stage import BEGIN, CADENCE, Stage, turns
from verdicts.outcome import Status
from verdicts.rules.burn import Rule, Window
from verdicts.view import DEFAULT, Turn

SIX = [f"quota.a-{number}" for number in range(6)]


def tried(bad: int, letter: str = "d") -> dict[str, str]:
    """Return a run of six attempts of which so many are bad."""
    return {name: letter if place < bad else "." for place, name in enumerate(SIX)}


def after(*bad: int, before: int = 72) -> Stage:
    """Play clean runs, then runs with so many bad attempts."""
    stage = Stage()
    for count in (*[0] * before, *bad):
        stage.play(tried(count))
    return stage


def test_the_rate_is_the_bad_share_over_what_the_objective_allows() -> None:
    """12 of 57 attempts burn a budget of 1 % at 21 times its speed."""
    assert Window(3600, 57, 12, 14.4, 0.99).rate == pytest.approx(21.05, abs=0.01)
    assert Window(3600, 0, 0, 14.4, 0.99).rate == 0.0


@pytest.mark.parametrize(("attempts", "bad", "burns"), [(125, 18, True), (125, 17, False), (0, 0, False), (1000, 144, True), (1000, 143, False)])
def test_a_window_burns_from_the_threshold_on(attempts: int, bad: int, burns: bool) -> None:
    """Exactly 14.4 times the budget is enough; rounding takes nothing away."""
    assert Window(3600, attempts, bad, 14.4, 0.99).burns is burns


@pytest.mark.parametrize(
    ("long", "short", "opens", "quiet"),
    [
        ((100, 20), (10, 5), True, False),
        ((100, 20), (10, 0), False, False),
        ((100, 2), (10, 5), False, False),
        ((100, 2), (10, 0), False, True),
        ((10, 4), (5, 4), False, False),
    ],
)
def test_both_windows_open_and_neither_closes(long: tuple[int, int], short: tuple[int, int], opens: bool, quiet: bool) -> None:
    """It takes both to open, with at least five bad attempts, and the silence of both to close."""
    rule = Rule(Window(3600, *long, 14.4, 0.99), Window(900, *short, 14.4, 0.99))

    assert (rule.opens(DEFAULT), rule.quiet) == (opens, quiet)


def test_a_journey_that_is_late_pages() -> None:
    """Eleven of 72 attempts in an hour, all of them in the last quarter, are a page for whoever owns most of them."""
    stage = after(6)
    [opened] = stage.play(tried(5))

    assert (opened.turn, opened.scenario, opened.failure) == (Turn.OPEN, "quota.*", "latency")
    assert opened.why == "burned 15.3 times its budget over 1 h and 61.1 times over 15 min: 11 of 72 attempts were slow, or kept only on the second try"
    assert (opened.title, opened.severity, opened.runs) == ("Quota: 99 % of attempts are kept in time, at the first try.", "critical", 2)
    assert (opened.since, opened.seen) == (BEGIN + 73 * CADENCE, BEGIN + 74 * CADENCE)


def test_a_slow_burn_makes_a_ticket() -> None:
    """One of twelve attempts is late for hours: never a page, and a ticket once that makes six percent of six hours."""
    stage = after(*[1, 0] * 25)
    quiet = list(stage.told)
    [opened] = stage.play(tried(1))

    assert quiet == []
    assert (opened.turn, opened.severity) == (Turn.OPEN, "warning")
    assert opened.why == "burned 6.02 times its budget over 6 h and 8.33 times over 30 min: 26 of 432 attempts were slow, or kept only on the second try"


def test_a_ticket_becomes_a_page_and_says_so() -> None:
    """What burned slowly and now burns fast rises in severity, and is told."""
    stage = Stage(policy=replace(DEFAULT, ticket_windows=(7200.0, 1800.0)))
    for bad in (*[0] * 12, 2, 0, 2, 0, 2, 0, 2, 0, 1):
        stage.play(tried(bad))
    opened = [change for change in stage.told if change.turn is Turn.OPEN]
    for _ in range(3):
        stage.play(tried(6))
    rose = [change for change in stage.told if change.tells]

    assert [change.severity for change in opened] == ["warning"]
    assert [(change.turn, change.severity, change.why) for change in rose] == [(Turn.SEEN, "critical", "now critical")]


def test_it_closes_when_nothing_burns_and_two_runs_were_clean() -> None:
    """The hour has to pass until the longer window is quiet too."""
    stage = after(6, 5)

    assert [turns(stage.play(tried(0))) for _ in range(11)] == [[]] * 10 + [[("close", "quota.*")]]
    assert stage.told[-1].why == "the budget no longer burns, and 11 runs in a row had no slow attempt"


def test_one_slow_run_keeps_it_open() -> None:
    """A clean run is one without any slow attempt; a slow one begins the count anew."""
    stage = after(6, 5)

    assert [turns(stage.play(tried(bad))) for bad in (0,) * 10 + (1, 0, 0)] == [[]] * 12 + [[("close", "quota.*")]]


@pytest.mark.parametrize("letter", ["e", "k", "t", "q", "n", "-", "i"])
def test_what_is_not_told_is_neither_good_nor_bad(letter: str) -> None:
    """Errors and blocked attempts burn no budget, and dilute none."""
    stage = after(before=2)
    for _ in range(3):
        stage.play(tried(5, letter))

    assert "quota.*" not in stage.names()


def test_a_few_blips_among_few_attempts_are_no_rate() -> None:
    """Four bad ones of twelve are a third, and still too few to wake somebody."""
    stage = Stage()
    for letter in "........d.d.d.d":
        stage.play({"quota.a": letter})

    assert stage.told == []


def test_what_failed_with_the_whole_target_burns_nothing() -> None:
    """One cause is one alert: when the target is back, its failures do not come again as lateness."""
    stage = Stage()
    late = [f"quota.latency-{number}" for number in range(8)]
    for letter in "....FFFF....":
        stage.play(dict.fromkeys(late, letter))

    assert turns(stage.told) == [("open", "target.unreachable"), ("close", "target.unreachable")]


def test_whoever_owns_most_of_it_is_told_and_stays_so() -> None:
    """The owner is counted when the alert opens, and does not change while it is open."""
    stage = after(before=4)
    owners = ["billing", "billing", "platform", "growth", "growth", "growth"]
    for count, owner in ((6, None), (6, "platform")):
        stage.now += CADENCE
        stage.add({})
        late = tuple(outcome(Status.DEGRADED, scenario=name, owner=owner or owners[place], severity="error") for place, name in enumerate(SIX[:count]))
        stage.runs[-1] = replace(stage.runs[-1], outcomes=late)
        stage.judge()

    assert [(change.turn, change.owner, change.severity) for change in stage.told] == [(Turn.OPEN, "growth", "error"), (Turn.SEEN, "growth", "error")]


def test_time_alone_opens_nothing() -> None:
    """Windows end with the latest run: that good attempts grow old makes no bad ones."""
    stage = Stage()
    for bad in (6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1):
        stage.play(tried(bad))
    stage.target = replace(stage.target, scheduled=False)
    before = list(stage.told)
    for _ in range(100):
        stage.now += 60
        stage.judge()

    assert stage.told == before
