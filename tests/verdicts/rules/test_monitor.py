"""The monitor's own faults concern its maintainers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.verdicts.stage import CADENCE, Stage, turns
from verdicts.view import CANNOT_TELL, Turn, Watched

FINE: dict[str, str] = {"quota.a": ".", "quota.b": "."}
ODD: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "error": ({"quota.a": "e", "quota.b": "."}, {"exit": 3}),
    "killed attempt": ({"quota.a": "i", "quota.b": "."}, {"exit": 3}),
    "failed, then an error": ({"quota.a": "?", "quota.b": "."}, {"exit": 3}),
    "killed run": (FINE, {"state": "incomplete", "exit": None}),
    "nothing selected": ({}, {"exit": 3}),
    "bad configuration": ({}, {"exit": 2}),
    "never ended": ({"quota.a": ".", "quota.b": "-"}, {"exit": 3}),
    "blocked, and never ended": ({"quota.a": "k", "quota.b": "-"}, {"exit": 3}),
}
SOUND: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "kept": (FINE, {"exit": 0}),
    "broken": ({"quota.a": "F", "quota.b": "."}, {"exit": 1}),
    "blocked by the product": ({"quota.a": "k", "quota.b": "."}, {"exit": 3}),
    "some met nobody": ({"quota.a": "t", "quota.b": "."}, {"exit": 3}),
}


@pytest.mark.parametrize("odd", ODD)
def test_two_of_three_runs_that_cannot_tell_are_an_alert(odd: str) -> None:
    """One may happen; the second of three runs tells the maintainers, once."""
    letters, ran = ODD[odd]
    stage = Stage()
    heard = [
        turns(stage.play(*each[:1], **each[1])) for each in ((letters, ran), (FINE, {}), (FINE, {}), (letters, ran), (FINE, {}), (letters, ran), (letters, ran))
    ]
    found = [("open", "monitor.cannot-tell") in each for each in heard]

    assert found == [False] * 5 + [True, False]
    assert {change.owner for change in stage.told if change.scenario == "monitor.cannot-tell"} == {"suite"}


@pytest.mark.parametrize("sound", SOUND)
def test_a_fault_of_the_product_is_none_of_the_monitors(sound: str) -> None:
    """Broken, blocked and unreachable are words that the monitor could say."""
    letters, ran = SOUND[sound]
    stage = Stage()
    for _ in range(6):
        stage.play(letters, **ran)

    assert "monitor.cannot-tell" not in stage.names()


def test_a_selection_by_hand_concerns_nobody() -> None:
    """Somebody who tries something out beside the scheduled runs wakes no maintainers."""
    stage = Stage()
    stage.play({"quota.a": "."})
    for _ in range(3):
        stage.play({"quota.a": "e"}, whole=False, exit=3, after=60)

    assert stage.told == []


def test_where_only_a_selection_runs_it_tells_of_the_monitor() -> None:
    """A schedule that has a selection alone does not leave the monitor's own faults untold."""
    stage = Stage()
    for letter in ("e", "e", ".", "."):
        stage.play({"quota.a": letter}, whole=False, exit=3 if letter == "e" else 0)

    assert [(each.turn, each.scenario) for each in stage.told] == [(Turn.OPEN, CANNOT_TELL), (Turn.CLOSE, CANNOT_TELL)]


def test_the_maintainers_are_told_what_it_was() -> None:
    """Severity, runbook and the first error."""
    stage = Stage()
    stage.play({"quota.a": "e", "quota.b": "e"}, exit=3)
    [opened] = stage.play({"quota.a": "e", "quota.b": "."}, exit=3)

    assert (opened.severity, opened.risk, opened.runbook) == ("error", "monitor-blind", "launch/runbooks/monitoring.md")
    assert opened.why == "in 2 of the last 2 runs; in the latest, 1 attempt could not be judged"
    assert (opened.error, opened.runs, opened.title) == ("quota.a went wrong", 2, "The monitor can tell whether promises are kept.")


def test_it_closes_after_two_runs_that_could_tell() -> None:
    """Selections and runs that met nobody do not count."""
    stage = Stage()
    for _ in range(2):
        stage.play({"quota.a": "e"}, exit=3)
    heard = [turns(stage.play(FINE)), turns(stage.play(FINE, whole=False)), turns(stage.play({}, unreachable=True, exit=3)), turns(stage.play(FINE))]

    assert heard == [[], [], [], [("close", "monitor.cannot-tell")]]
    assert stage.told[-1].why == "the monitor could tell again in 2 runs in a row"


def test_each_location_is_counted_by_itself() -> None:
    """One runner of three that is broken is a third of the runs, and all of its own."""
    stage = Stage(target=Watched("shop", "operators", "suite", CADENCE, ("oslo", "graz", "bari")))
    for place, letter in zip(["oslo", "graz", "bari"] * 2, "e..e..", strict=True):
        stage.play({"quota.a": letter}, at=place, after=100)
    opened = [change for change in stage.told if change.turn is Turn.OPEN]

    assert [(change.scenario, change.locations) for change in opened] == [("monitor.cannot-tell", ("oslo",))]
    assert opened[0].why.endswith("; at oslo")


def test_things_left_behind_are_a_ticket_for_the_maintainers() -> None:
    """Two of three runs that leave things behind open it, two that leave nothing close it."""
    stage = Stage()
    heard = [turns(stage.play(FINE, left_behind=left)) for left in (1, 0, 0, 2, 0, 3, 0, 0)]
    opened = next(change for change in stage.told if change.turn is Turn.OPEN)

    assert heard == [[]] * 5 + [[("open", "monitor.left-behind")], [], [("close", "monitor.left-behind")]]
    assert (opened.owner, opened.severity, opened.failure) == ("suite", "warning", "integrity")
    assert opened.why == "in 2 of the last 3 runs; in the latest, 3 things left behind"


@pytest.mark.parametrize("ran", [{"unreachable": True, "exit": 3}, {"state": "incomplete", "exit": None}])
def test_a_run_that_made_nothing_has_not_cleaned_up(ran: dict[str, Any]) -> None:
    """A run that met nobody, or was killed, does not say that nothing is left behind."""
    stage = Stage()
    for _ in range(2):
        stage.play(FINE, left_behind=1)
    for _ in range(5):
        stage.play({}, **ran)

    assert "monitor.left-behind" in stage.names()
