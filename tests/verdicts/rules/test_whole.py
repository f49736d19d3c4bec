"""The whole target down is one alert, and its promises have none of their own meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.verdicts.stage import BEGIN, CADENCE, Stage, turns
from verdicts.view import Silence, Turn, Watched

MANY = [f"quota.integrity-{number}" for number in range(200)]
TEN = MANY[:10]


def tried(letters: str) -> dict[str, str]:
    """Return a run of ten promises."""
    return dict(zip(TEN, letters, strict=True))


def test_two_hundred_promises_broken_at_once_are_one_page_and_one_resolve() -> None:
    """However long it lasts, and however it comes back: one opens, one closes."""
    stage = Stage()
    for letter in "...FFFFFFFF......":
        stage.play(dict.fromkeys(MANY, letter))

    assert turns(stage.told) == [("open", "target.unreachable"), ("close", "target.unreachable")]


def test_a_target_that_comes_back_by_halves_is_still_one_page() -> None:
    """Blocked, errors, slow answers and second tries on the way back open nothing of their own."""
    stage = Stage()
    for letters in ("..........", "FFFFFFFFFF", "FFFFFFFFFk", "FFkkkkkkkk", "uuuuuuuuuu", "bbb.......", "..........", ".........."):
        stage.play(tried(letters))

    assert turns(stage.told) == [("open", "target.unreachable"), ("close", "target.unreachable")]


def test_the_operators_are_told_at_once() -> None:
    """One run is enough: its promises were tried twice each."""
    [opened] = Stage().play(tried("FFFFFFFF.."))

    assert (opened.turn, opened.scenario, opened.failure) == (Turn.OPEN, "target.unreachable", "availability")
    assert (opened.owner, opened.severity, opened.risk, opened.runbook) == ("operators", "critical", "target-down", "launch/runbooks/target.md")
    assert (opened.title, opened.why) == ("shop can be reached, and keeps its promises.", "8 of 10 promises that could be tried are broken")
    assert (opened.error, opened.run) == ("quota.integrity-0 went wrong", "run-0")


@pytest.mark.parametrize(
    ("letters", "down"),
    [
        ("FFFFFFFF..", True),
        ("FFFFFFF...", False),
        ("ffffffff..", True),
        ("FFFFkkkkkk", False),
        ("FFFFFkkkkk", True),
        ("FFFFF.kkkk", True),
        ("FFFF..kkkk", False),
        ("uuuuuuuuuu", True),
        ("ttttt.....", False),
        ("FFFFuuuu..", True),
        ("eeeeeeeeee", False),
        ("FFFFFeeeee", True),
        ("bbbbbbbbbb", False),
    ],
)
def test_most_of_what_was_told_must_be_broken(letters: str, down: bool) -> None:
    """Four of five that said anything, and five at least; what was blocked or could not be told is not counted."""
    assert (("open", "target.unreachable") in turns(Stage().play(tried(letters)))) is down


def test_a_selection_cannot_speak_for_the_whole() -> None:
    """Where only some promises are tried, each speaks for itself."""
    made = Stage().play(tried("FFFFFFFFFF"), whole=False)

    assert {scenario for _, scenario in turns(made)} == set(TEN)


def test_one_preflight_that_met_nobody_is_a_suspicion() -> None:
    """One question may be the fault of the network at the runner; two of three are not."""
    stage = Stage()
    heard = [
        turns(stage.play({} if down else tried(".........."), unreachable=down, exit=3 if down else 0, reason="refused"))
        for down in (True, False, False, True, False, True)
    ]

    assert heard == [[], [], [], [], [], [("open", "target.unreachable")]]
    assert (stage.told[-1].why, stage.told[-1].error) == ("the preflight met nobody, or another product, in 2 of the last 3 runs", "refused")


def test_a_target_that_answers_nobody_is_found_by_few_promises_too() -> None:
    """Where fewer than five are tried, two runs in which nothing answered say it."""
    stage = Stage()

    assert [turns(stage.play({"quota.a": "u", "quota.b": "t"})) for _ in range(2)] == [[], [("open", "target.unreachable")]]
    assert stage.told[0].why == "nothing answered in 2 of 2 attempts, in 2 of the last 2 runs"


@pytest.mark.parametrize("between", ["eeeeeeeeee", "kkkkkkkkkk", "iiiiiiiiii", "nnnnnnnnnn"])
def test_it_closes_after_two_runs_that_reached_it(between: str) -> None:
    """Runs that say nothing of the target neither count nor begin anew."""
    stage = Stage()
    stage.play(tried("FFFFFFFFFF"))
    heard = [turns(stage.play(tried(letters))) for letters in ("..........", between, between, ".....F....")]

    assert [("close", "target.unreachable") in each for each in heard] == [False, False, False, True]


def test_a_killed_run_does_not_say_that_it_is_up() -> None:
    """What it reached before it was killed is not the whole."""
    stage = Stage()
    stage.play(tried("FFFFFFFFFF"))
    for _ in range(5):
        stage.play(tried(".........."), state="incomplete", exit=None)

    assert "target.unreachable" in stage.names()


def test_what_is_still_broken_by_itself_opens_when_the_target_is_back() -> None:
    """The common cause holds single alerts back only while it is open."""
    stage = Stage()
    stage.play(tried("FFFFFFFFFF"))
    heard = [turns(stage.play(tried("F........."))) for _ in range(2)]

    assert heard == [[], [("close", "target.unreachable"), ("open", "quota.integrity-0")]]


def test_what_was_broken_before_closes_while_the_target_is_down() -> None:
    """Holding back stops nothing from closing; what fails with everything else begins its count anew."""
    stage = Stage()
    heard = [turns(stage.play(tried(letters))) for letters in ("F.........", ".FFFFFFFFF", ".FFFFFFFFF")]
    again = Stage()
    for letters in ("F.........", "FFFFFFFFFF", ".FFFFFFFFF"):
        again.play(tried(letters))

    assert heard == [[("open", "quota.integrity-0")], [("open", "target.unreachable")], [("close", "quota.integrity-0")]]
    assert "quota.integrity-0" in again.names()


def test_a_maintenance_window_of_the_whole_target_is_quiet() -> None:
    """Planned work opens neither the cause nor its consequences, and nothing is left over after it."""
    stage = Stage(silences=(Silence("shop", "*", BEGIN, BEGIN + 4 * CADENCE, kind="maintenance"),))
    for letter in "FFF...":
        stage.play(tried(letter * 10))

    assert stage.told == []


def test_silencing_the_cause_alone_does_not_let_the_consequences_loose() -> None:
    """What failed with everything else opens no alert of its own, whether or not the cause may open one."""
    stage = Stage(silences=(Silence("*", "target.*", BEGIN, BEGIN + 1e6),))
    for letter in "FFFF":
        stage.play(tried(letter * 10))

    assert stage.told == []


TWO = Watched("shop", "operators", "suite", CADENCE, ("oslo", "graz"), 2)


def test_one_location_alone_tells_the_maintainers() -> None:
    """Where two must agree, one that sees the target down is taken for a fault of its own: nobody else is told, and it is not silent."""
    stage = Stage(target=TWO)
    for _ in range(3):
        stage.play(tried("FFFFFFFFFF"), at="oslo", after=150)
        stage.play(tried(".........."), at="graz", after=150)
    opened = [change for change in stage.told if change.turn is Turn.OPEN]

    assert [(change.scenario, change.owner, change.locations) for change in opened] == [("monitor.cannot-tell", "suite", ("oslo",))]
    assert opened[0].why == "in 2 of the last 2 runs; in the latest, oslo alone sees the target down: 10 of 10 promises that could be tried are broken; at oslo"


def test_two_locations_that_agree_tell_the_operators() -> None:
    """The second location opens it, and both must be clean for it to close."""
    stage = Stage(target=TWO)
    heard = [turns(stage.play(tried(letter * 10), at=place, after=150)) for letter, place in zip("FF...." + "..", ["oslo", "graz"] * 4, strict=True)]

    assert heard == [[], [("open", "target.unreachable")], [], [], [], [("close", "target.unreachable")], [], []]


def test_several_locations_are_named() -> None:
    """The message says from where."""
    stage = Stage(target=replace(TWO, agree=1))
    [opened] = stage.play(tried("FFFFFFFFFF"), at="graz")

    assert opened.why == "10 of 10 promises that could be tried are broken; seen from graz"
