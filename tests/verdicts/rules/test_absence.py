"""Nothing turns green through absence: what does not arrive is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.verdicts.stage import BEGIN, CADENCE, TOOK, Stage, turns
from verdicts.view import Turn, Watched

FINE = {"quota.a": ".", "quota.b": "."}
LIMIT = 2 * CADENCE + TOOK


def waited(stage: Stage, seconds: float) -> list[tuple[str, str]]:
    """Judge so many seconds later, without a run."""
    stage.now += seconds
    return turns(stage.judge())


def test_a_run_that_does_not_arrive_is_missed_after_two_cadences() -> None:
    """Two cadences and what a run takes may pass; then the maintainers are told, once."""
    stage = Stage()
    for _ in range(4):
        stage.play(FINE)

    assert [waited(stage, LIMIT), waited(stage, 1), waited(stage, 1000)] == [[], [("open", "monitor.no-data")], []]
    [opened] = stage.told
    assert (opened.owner, opened.severity, opened.failure, opened.risk) == ("suite", "error", "no-data", "monitor-blind")
    assert opened.why == "no run for 11 min, promised every 5 min"
    assert opened.since == BEGIN + 4 * CADENCE


def test_where_there_has_never_been_a_run_nothing_is_missed() -> None:
    """A target that is new is not late."""
    assert waited(Stage(), 1e6) == []


def test_what_is_on_no_schedule_is_not_missed() -> None:
    """A target that is served for its own run runs when somebody asks."""
    stage = Stage(target=Watched("shop", "operators", "suite", CADENCE, ("here",), scheduled=False))
    stage.play(FINE)

    assert waited(stage, 1e6) == []


def test_it_closes_after_two_runs_that_arrived() -> None:
    """The first one may be luck."""
    stage = Stage()
    stage.play(FINE)
    waited(stage, 2000)

    assert [turns(stage.play(FINE)), turns(stage.play(FINE))] == [[], [("close", "monitor.no-data")]]
    assert stage.told[-1].why == "2 runs arrived, and nothing is missing"


def test_runs_that_come_and_go_hold_it_open() -> None:
    """A run after each long gap closes nothing."""
    stage = Stage()
    stage.play(FINE)
    for _ in range(4):
        waited(stage, 2000)
        stage.play(FINE)

    assert turns(stage.told) == [("open", "monitor.no-data")]


def test_a_run_under_way_has_arrived() -> None:
    """What began is not missing, unless it does not end."""
    stage = Stage()
    stage.play(FINE)
    stage.now += 800
    stage.runs.append(replace(stage.add({}, state="running", ended=None), id="under-way", started=stage.now))
    stage.runs.pop(-2)

    assert [waited(stage, 100), waited(stage, 500), waited(stage, 100)] == [[], [], [("open", "monitor.no-data")]]


def test_a_selection_by_hand_is_no_scheduled_run() -> None:
    """Whoever looks after a silent monitor by hand does not silence the alert."""
    stage = Stage()
    stage.play(FINE)
    heard = [turns(stage.play(FINE, whole=False)) for _ in range(3)]

    assert heard == [[], [], [("open", "monitor.no-data")]]


@pytest.mark.parametrize("letter", ["k", "t", "-"])
def test_a_promise_of_which_nothing_is_heard_is_named(letter: str) -> None:
    """Blocked behind nothing that is red, met nobody alone, or never tried: after two cadences the maintainers are told which it is."""
    stage = Stage()
    stage.play(FINE)
    heard = [turns(stage.play({"quota.a": ".", "quota.b": letter}, exit=1)) for _ in range(4)]

    assert heard == [[], [], [("open", "monitor.no-data")], []]
    assert stage.told[0].why == "nothing was heard for more than 11 min of quota.b by API"
    assert stage.told[0].since == BEGIN + CADENCE


def test_a_promise_that_was_never_told_is_missed_from_its_first_run_on() -> None:
    """It need not have been told once to be missed."""
    stage = Stage()
    heard = [turns(stage.play({"quota.a": ".", "quota.b": "k"}, exit=3)) for _ in range(4)]

    assert heard == [[], [], [], [("open", "monitor.no-data")]]


def test_a_promise_that_does_not_apply_is_not_missed() -> None:
    """What the product does not offer is told, in its way."""
    stage = Stage()
    for _ in range(6):
        stage.play({"quota.a": ".", "quota.b": "n"})

    assert stage.told == []


def test_what_is_blocked_behind_a_broken_promise_is_explained() -> None:
    """One cause, one alert: while the earlier stage has its own, what is blocked behind it has none."""
    stage = Stage()
    for _ in range(6):
        stage.play({"quota.a": "F", "quota.b": "k"}, exit=1)

    assert turns(stage.told) == [("open", "quota.a")]


def test_what_the_monitor_could_not_tell_is_explained_by_its_own_alert() -> None:
    """The maintainers are told once, not twice."""
    stage = Stage()
    for _ in range(6):
        stage.play({"quota.a": ".", "quota.b": "e"}, exit=3)

    assert turns(stage.told) == [("open", "monitor.cannot-tell")]


def test_what_is_explained_later_does_not_close_it() -> None:
    """Suppression opens nothing, and closes nothing either: only news of the promise does."""
    stage = Stage()
    stage.play(FINE)
    for _ in range(3):
        stage.play({"quota.a": ".", "quota.b": "k"}, exit=3)
    for _ in range(4):
        stage.play({"quota.a": "F", "quota.b": "k"}, exit=1)
    still = stage.names()
    heard = [turns(stage.play(FINE)) for _ in range(2)]

    assert still == {"monitor.no-data", "quota.a"}
    assert heard == [[], [("close", "quota.a"), ("close", "monitor.no-data")]]


def test_a_whole_target_that_is_down_explains_everything() -> None:
    """Nothing is missing of a target that cannot be reached."""
    stage = Stage()
    stage.play(FINE)
    for _ in range(6):
        stage.play({}, unreachable=True, exit=3)

    assert turns(stage.told) == [("open", "target.unreachable")]


THREE = Watched("shop", "operators", "suite", CADENCE, ("oslo", "graz", "bari"))


def test_a_location_that_fell_silent_is_named() -> None:
    """The others go on; a location that never ran is not set up yet, and is not missed."""
    stage = Stage(target=THREE)
    stage.play(FINE, at="oslo")
    for _ in range(4):
        stage.play(FINE, at="graz")
    opened = stage.told[0]

    assert turns(stage.told) == [("open", "monitor.no-data")]
    assert (opened.why, opened.locations) == ("no run from oslo for 15 min, promised every 5 min", ("oslo",))


def test_a_second_location_that_falls_silent_is_told_too() -> None:
    """The alert is one; what joins it is told."""
    stage = Stage(target=THREE)
    stage.play(FINE, at="oslo")
    stage.play(FINE, at="graz", after=1)
    for _ in range(2):
        stage.play(FINE, at="bari")
    for _ in range(2):
        stage.play(FINE, at="graz", after=10)
    stage.play(FINE, at="bari", after=400)
    waited(stage, 400)
    told = [(change.turn, change.locations, change.tells) for change in stage.told if change.tells or change.turn is Turn.OPEN]

    assert told == [(Turn.OPEN, ("oslo",), False), (Turn.SEEN, ("graz", "oslo"), True)]


def test_what_one_location_does_not_hear_is_missed_there() -> None:
    """Another location's word does not stand for it."""
    stage = Stage(target=THREE)
    for _ in range(5):
        stage.play(FINE, at="oslo", after=150)
        stage.play({"quota.a": ".", "quota.b": "t"}, at="graz", after=150, exit=3)
    opened = next(change for change in stage.told if change.turn is Turn.OPEN)

    assert opened.why == "nothing was heard for more than 11 min of quota.b by API from graz"


def test_of_many_only_a_few_are_named() -> None:
    """Five promises are named, the rest counted."""
    many = {f"quota.a-{number}": "." for number in range(9)}
    stage = Stage()
    stage.play({**many, "quota.b": "."})
    for _ in range(3):
        stage.play({**dict.fromkeys(many, "-"), "quota.b": "."}, exit=1)

    assert stage.told[0].why.endswith("quota.a-3 by API, quota.a-4 by API and 4 more")
