"""A scenario in quarantine runs, opens nothing and closes nothing, and leaves again by itself."""

from __future__ import annotations

import pytest

from tests.verdicts.stage import BEGIN, CADENCE, Stage, turns
from verdicts.view import Expiring, Quarantine, Turn

OTHERS = dict.fromkeys([f"signup.fine-{number}" for number in range(9)], ".")


def quarantined(scenario: str = "quota.a", *, lasts: float = 100, clean: int = 3, target: str = "*") -> Stage:
    """Return a stage with a scenario in quarantine for so many cadences."""
    return Stage(quarantines=[Quarantine(5, target, scenario, "billing", BEGIN, BEGIN + lasts * CADENCE, clean)])


@pytest.mark.parametrize("letter", "FfdbF")
def test_it_opens_nothing(letter: str) -> None:
    """Neither an alert of its own nor its journey's, and it is not missed."""
    stage = quarantined()
    for _ in range(20):
        stage.play({"quota.a": letter} | OTHERS)

    assert stage.told == []


def test_it_closes_nothing() -> None:
    """An alert that was open stays so, and is neither seen nor closed; when the quarantine ends, what happened counts."""
    stage = Stage()
    stage.play({"quota.a": "F"} | OTHERS)
    stage.quarantines = quarantined(clean=5).quarantines
    quiet = [stage.play({"quota.a": letter} | OTHERS) for letter in "F....."[:5]]

    assert quiet == [[]] * 5
    assert turns(stage.play({"quota.a": "."} | OTHERS)) == [("leave-quarantine", "quota.a"), ("close", "quota.a")]


@pytest.mark.parametrize(("letters", "leaves"), [("...", 3), ("..F...", 6), ("..d...", 6), ("..e.", 4), (".k.n.", 5), ("F.b..f...", 9)])
def test_it_leaves_after_clean_runs_in_a_row(letters: str, leaves: int) -> None:
    """What is not clean begins the count anew; what cannot tell is passed over."""
    stage = quarantined()
    heard = [any(change.turn is Turn.LEAVE_QUARANTINE for change in stage.play({"quota.a": letter} | OTHERS)) for letter in letters]

    assert heard.index(True) + 1 == leaves


def test_every_surface_must_be_clean() -> None:
    """One run is clean where all of it is."""
    stage = quarantined()
    for _ in range(6):
        stage.play({("quota.a", "api"): ".", ("quota.a", "browser"): "b"} | OTHERS)

    assert stage.quarantines


def test_clean_runs_of_before_do_not_count() -> None:
    """It has to prove itself from the day on which it was put away."""
    stage = Stage()
    for _ in range(9):
        stage.play({"quota.a": "."} | OTHERS)
    stage.quarantines = [Quarantine(5, "*", "quota.a", "billing", stage.now + 1, BEGIN + 1e6, 3)]

    assert stage.judge() == []


def test_it_leaves_on_its_day_and_what_is_broken_opens_then() -> None:
    """A quarantine is not for ever: on the day itself the alert is there, without another run, and the note that the day comes is gone."""
    stage = quarantined(lasts=4.5)
    stage.expiring = (Expiring("quarantine/quota.a", BEGIN + 4.5 * CADENCE, "billing", "The quarantine of quota.a"),)
    for _ in range(4):
        stage.play({"quota.a": "F"} | OTHERS)
    stage.now += CADENCE / 2

    assert turns(stage.judge()) == [
        ("leave-quarantine", "quota.a"),
        ("open", "quota.a"),
        ("close", "monitor.expiring/quarantine/quota.a"),
    ]


def test_a_quarantine_of_another_target_hides_nothing() -> None:
    """The pattern of the target must fit."""
    assert turns(quarantined(target="other").play({"quota.a": "F"} | OTHERS)) == [("open", "quota.a")]


def test_a_pattern_hides_all_that_it_names() -> None:
    """As a shell would read it."""
    stage = quarantined("quota.*")

    assert turns(stage.play({"quota.a": "F", "quota.b": "F"} | OTHERS)) == []


def test_it_does_not_count_for_the_whole() -> None:
    """Of five broken promises one in quarantine is none: four are too few to call the target down."""
    stage = quarantined()
    made = turns(stage.play({"quota.a": "F", "quota.b": "F", "quota.c": "F", "quota.d": "F", "quota.e": "F"}))

    assert made == [("open", f"quota.{name}") for name in "bcde"]
