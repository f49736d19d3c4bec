"""What is computed of time to detect and of false alerts is what happens when thousands of histories are judged."""

from __future__ import annotations

import math
import random
import statistics
from dataclasses import replace
from itertools import product

import pytest

from tests.verdicts.made import outcome
from tests.verdicts.stage import BEGIN, CADENCE, TOOK, Stage
from verdicts.expectation import MONTH, Measured, Pace, Promise, expect, expect_journey, measure
from verdicts.outcome import Status
from verdicts.view import DEFAULT, Turn, Watched

PLACES = ("oslo", "graz", "bari")
SURFACES = ("api", "browser")
AGAIN = 20.0
"""How long the confirming attempt takes in these histories."""


def pace(locations: int = 1, agree: int = 1, *, confirms: bool = True, blips: float | None = None, took: float = TOOK) -> Pace:
    """Return how these histories are watched: as measured, so that nothing is assumed."""
    return Pace(CADENCE, locations, agree, confirms, Measured(run=took, attempts={"quota.a": AGAIN}, blips=blips))


def watched(locations: int, agree: int) -> Watched:
    """Return the target of these histories."""
    return Watched("shop", "operators", "suite", CADENCE, PLACES[:locations], agree, scheduled=False)


def detected(kind: str, locations: int, agree: int, letter: str, chance: random.Random) -> float:
    """Break a promise for good at some moment of a schedule with any phases, and return how long it took until its alert opened.

    A run takes `TOOK`, and the confirming attempt on top of that where there is one; a run that began before the promise broke does not see it.
    """
    stage = Stage(target=watched(locations, agree), again=False)
    broke = BEGIN + 10 * CADENCE
    phases = [chance.random() * CADENCE for _ in range(locations)]
    starts = sorted((BEGIN + phase + number * CADENCE, place) for (number, (place, phase)) in product(range(8, 20), zip(PLACES, phases, strict=False)))
    longer = AGAIN if letter == "F" else 0.0
    for begins, place in starts:
        stage.now = begins + TOOK + (longer if begins >= broke else 0.0)
        stage.add({f"quota.{kind}": letter if begins >= broke else "."}, at=place)
        if any(change.turn is Turn.OPEN and change.scenario == f"quota.{kind}" for change in stage.judge()):
            return stage.now - broke
    return math.inf


@pytest.mark.parametrize(
    ("kind", "locations", "agree", "letter"),
    [
        ("integrity", 1, 1, "F"),
        ("integrity", 3, 2, "F"),
        ("availability", 1, 1, "F"),
        ("availability", 3, 1, "F"),
        ("availability", 3, 2, "F"),
        ("availability", 3, 3, "F"),
        ("availability", 1, 1, "f"),
        ("latency", 1, 1, "F"),
        ("expiry", 1, 1, "f"),
    ],
)
def test_the_time_to_detect_is_what_was_expected(kind: str, locations: int, agree: int, letter: str) -> None:
    """The mean of 150 histories is within four standard errors of the formula, and none takes longer than the worst case."""
    chance = random.Random(f"{kind} {locations} {agree} {letter}")
    took = [detected(kind, locations, agree, letter, chance) for _ in range(150)]
    expected = expect(Promise("quota.a", kind, 1, AGAIN), pace(locations, agree, confirms=letter == "F"), DEFAULT)
    error = statistics.stdev(took) / math.sqrt(len(took))

    assert statistics.fmean(took) == pytest.approx(expected.detect, abs=4 * error)
    assert max(took) <= expected.detect_worst
    assert max(took) > expected.detect


def openings(kind: str, locations: int, agree: int, letters: tuple[str, str], share: tuple[float, float], runs: int, chance: random.Random) -> int:
    """Play runs in which nothing is broken, attempts fail once with the first probability and again with the second, and count what opens."""
    stage = Stage(target=watched(locations, agree), policy=replace(DEFAULT, flap_openings=10**9), again=False)
    once, twice = letters
    for number in range(runs):
        said = {}
        for surface in SURFACES:
            failed = chance.random() < share[0]
            said[f"quota.{kind}", surface] = "." if not failed else twice if chance.random() < share[1] else once
        stage.play(said, at=PLACES[number % locations], after=CADENCE / locations)
        stage.forget()
    return sum(change.turn is Turn.OPEN and change.scenario == f"quota.{kind}" for change in stage.told)


@pytest.mark.parametrize(
    ("kind", "locations", "agree", "letters", "share"),
    [
        ("integrity", 1, 1, ("b", "F"), (0.05, 0.4)),
        ("availability", 3, 1, ("b", "F"), (0.02, 0.5)),
        ("integrity", 1, 1, ("f", "f"), (0.06, 1.0)),
        ("availability", 3, 2, ("b", "F"), (0.05, 1.0)),
        ("latency", 1, 1, ("b", "F"), (0.1, 1.0)),
    ],
)
def test_false_alerts_are_as_many_as_were_expected(kind: str, locations: int, agree: int, letters: tuple[str, str], share: tuple[float, float]) -> None:
    """What opens by chance in 2000 runs is within four standard deviations of the formula, which counts a little too many: an open alert opens no more."""
    runs = 2000
    counted = openings(kind, locations, agree, letters, share, runs, random.Random(f"false {kind} {locations} {letters}"))
    policy = replace(DEFAULT, assumed_blips_repeat=share[1])
    month = expect(Promise("quota.a", kind, len(SURFACES), AGAIN), pace(locations, agree, confirms="F" in letters, blips=share[0]), policy).false_pages
    expected = month * runs / (MONTH / CADENCE * locations)

    assert expected > 15
    assert 0.8 * expected - 4 * math.sqrt(expected) <= counted <= expected + 4 * math.sqrt(expected)


def late(attempts: int, chance: random.Random) -> float:
    """Let a whole journey be late from some moment on, after hours of good runs, and return how long it took until its alert opened."""
    names = [f"quota.a-{number}" for number in range(attempts)]
    stage = Stage(target=watched(1, 1), again=False)
    for _ in range(73):
        stage.now += CADENCE
        stage.add(dict.fromkeys(names, "."))
    broke = stage.now - TOOK + chance.random() * CADENCE
    while not any(change.turn is Turn.OPEN and change.severity != "warning" for change in stage.told) and "critical" not in {
        each.severity for each in stage.open
    }:
        stage.play(dict.fromkeys(names, "d"))
    return stage.now - broke


@pytest.mark.parametrize("attempts", [1, 2, 6])
def test_a_journey_that_is_late_is_detected_as_expected(attempts: int) -> None:
    """The number of late runs that it takes is exact; when in the cycle it begins is chance."""
    chance = random.Random(attempts)
    took = [late(attempts, chance) for _ in range(30)]
    expected = expect_journey("quota", [Promise("quota.a", "integrity", attempts, AGAIN)], pace(), DEFAULT)

    assert statistics.fmean(took) == pytest.approx(expected.detect, abs=4 * CADENCE / math.sqrt(12 * len(took)))
    assert max(took) <= expected.detect_worst


@pytest.mark.parametrize(("attempts", "blips"), [(1, 0.13), (2, 0.09)])
def test_a_journey_pages_by_chance_no_oftener_than_expected(attempts: int, blips: float) -> None:
    """The bound is one: what is counted in 2500 runs lies below it, and is not a small part of it."""
    runs, chance = 2500, random.Random(attempts)
    names = [f"quota.a-{number}" for number in range(attempts)]
    stage = Stage(target=watched(1, 1), policy=replace(DEFAULT, flap_openings=10**9, ticket_burn=1e9), again=False)
    for _ in range(runs):
        stage.play({name: "b" if chance.random() < blips else "." for name in names})
        stage.forget()
    counted = sum(change.turn is Turn.OPEN for change in stage.told)
    policy = replace(DEFAULT, assumed_blips_repeat=0.0)
    expected = expect_journey("quota", [Promise("quota.a", "integrity", attempts, AGAIN)], pace(blips=blips), policy).false_pages * runs / (MONTH / CADENCE)

    assert expected > 10
    assert 0.2 * expected <= counted <= expected + 4 * math.sqrt(expected)


def test_what_is_late_and_not_confirmed_is_never_an_alert_of_its_own() -> None:
    """It is the journey's, and said to be."""
    expected = expect(Promise("quota.a", "latency", 2, 60), Pace(CADENCE, confirms=False), DEFAULT)

    assert (expected.detect, expected.false_pages) == (math.inf, 0.0)
    assert expected.why == "the budget of its journey burns; closes after 2 clean runs"


def test_without_a_history_the_policy_assumes() -> None:
    """A run, an attempt and the share of blips are the policy's; a run has to end within its cadence, and an attempt within its deadline."""
    hourly, often = (expect(Promise("quota.a", "integrity", 2, 20), Pace(cadence), DEFAULT) for cadence in (3600, 60))

    assert (hourly.detect, hourly.detect_worst) == (1800 + 300 + 20, 3600 + 300 + 20)
    assert (often.detect, often.detect_worst) == (30 + 60 + 20, 60 + 60 + 20)
    assert hourly.false_pages == pytest.approx(720 * 2 * 0.002 * 0.01)


def test_more_locations_that_must_agree_detect_later_and_page_less() -> None:
    """The price and the gain of agreement."""
    one, two, three = (expect(Promise("quota.a", "availability", 1, 60), Pace(CADENCE, 3, agree), DEFAULT) for agree in (1, 2, 3))

    assert one.detect < two.detect < three.detect
    assert one.false_pages > 100 * two.false_pages > 100 * three.false_pages
    assert "seen from 2 of 3 locations" in two.why


def test_a_history_tells_how_long_things_take_and_how_often_they_stumble() -> None:
    """The median of whole runs that ended, the mean of a scenario's attempts, and the share of attempts that passed only on the second try."""
    stage = Stage()
    for number in range(300):
        stage.play({"quota.a": "b" if number % 50 == 0 else ".", "quota.b": "F" if number == 7 else "."})
    slow = outcome(Status.PASSED, scenario="quota.c", seconds=40)
    stage.add({})
    stage.runs[-1] = replace(stage.runs[-1], outcomes=(slow,), started=stage.now - 600)
    measured = measure(stage.runs, DEFAULT)

    assert (measured.run, measured.attempts["quota.a"], measured.attempts["quota.c"]) == (TOOK, 1.5, 40)
    assert measured.blips == pytest.approx(6 / (300 + 299 + 1))


def test_a_short_history_does_not_tell() -> None:
    """Where it has too few attempts, the assumption stands."""
    stage = Stage()
    stage.play({"quota.a": "b"})

    assert measure(stage.runs, DEFAULT).blips is None
    assert measure([], DEFAULT) == Measured()
    assert Pace(CADENCE, measured=measure([], DEFAULT)).blips(DEFAULT) == DEFAULT.assumed_blips
