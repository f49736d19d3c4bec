"""What must hold of judgement whatever happens: `trust.md` as properties, and histories of thousands of runs."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.verdicts.stage import BEGIN, CADENCE, Stage, turns
from verdicts.judge import judge
from verdicts.view import DEFAULT, UNREACHABLE, Silence, Turn, Watched

KEYS = [("quota.integrity", "api"), ("quota.integrity", "browser"), ("quota.availability", "api"), ("signup.latency", "api"), ("signup.expiry", "browser")]
SCENARIOS = {scenario for scenario, _ in KEYS}
MONITORS = "eitku-q"
PLACES = Watched("shop", "operators", "suite", CADENCE, ("oslo", "graz"), 1)

anything = st.lists(st.tuples(st.text(alphabet="...FFf?dbpeitkuq-n", min_size=len(KEYS), max_size=len(KEYS)), st.sampled_from(["oslo", "graz"])), max_size=8)
untold = st.lists(st.text(alphabet=MONITORS + "n", min_size=len(KEYS), max_size=len(KEYS)), max_size=8)
sure = st.lists(st.text(alphabet="...FFdbpeitkuq-n", min_size=len(KEYS), max_size=len(KEYS)), max_size=8)
EXAMPLES = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


def played(letters: list[tuple[str, str]], **stage: object) -> Stage:
    """Play runs at their places."""
    done = Stage(target=PLACES, **stage)  # type: ignore[arg-type]  # the fields of a stage by name
    for text, place in letters:
        done.play(dict(zip(KEYS, text, strict=True)), at=place)
    return done


@EXAMPLES
@given(anything, untold)
def test_nothing_turns_green_through_absence(letters: list[tuple[str, str]], silent: list[str]) -> None:
    """Runs that do not say that a promise is kept, and runs that do not arrive, close no alert of a promise."""
    stage = played(letters)
    before = stage.names() & SCENARIOS
    for text in silent:
        stage.play(dict(zip(KEYS, text, strict=True)), at="oslo")
        stage.play({}, at="graz", exit=3, unreachable="k" in text)
        stage.now += 10 * CADENCE * ("-" in text)
        stage.judge()

    assert before <= stage.names()


@EXAMPLES
@given(
    st.lists(
        st.tuples(st.text(alphabet=".." + "eipq-n", min_size=len(KEYS), max_size=len(KEYS)), st.sampled_from(["", "killed", "gone", "exit 3"])), max_size=10
    )
)
def test_a_fault_of_the_monitor_pages_no_owner_of_a_promise(runs: list[tuple[str, str]]) -> None:
    """Errors, killed attempts and runs, and runs that do not arrive concern the maintainers alone."""
    stage = Stage(policy=replace(DEFAULT, burn_least=99))
    for text, word in runs:
        killed = word == "killed"
        stage.play(dict(zip(KEYS, text, strict=True)), state="incomplete" if killed else "ended", exit=None if killed else 3 if word == "exit 3" else 0)
        stage.now += 5 * CADENCE * (word == "gone")
        stage.judge()

    assert {change.owner for change in stage.told} <= {"suite"}
    assert {change.scenario.partition(".")[0] for change in stage.told} <= {"monitor"}


@EXAMPLES
@given(anything, anything, st.sampled_from(["*", "quota.*", "target.*"]))
def test_suppression_never_closes_and_never_keeps_from_closing(first: list[tuple[str, str]], then: list[tuple[str, str]], pattern: str) -> None:
    """With a silence over everything, what was open lives on exactly as it would have."""
    loud, quiet = played(first), played(first)
    was = {each.id for each in loud.open}
    quiet.silences = (Silence("*", pattern, BEGIN, BEGIN + 1e9),)
    for text, place in then:
        for stage in (loud, quiet):
            stage.play(dict(zip(KEYS, text, strict=True)), at=place)
        assert was & {each.id for each in quiet.open} == was & {each.id for each in loud.open}


@EXAMPLES
@given(anything, st.randoms())
def test_the_order_of_import_does_not_matter(letters: list[tuple[str, str]], chance: random.Random) -> None:
    """Runs, and the attempts within them, may be read in any order."""
    stage = played(letters)
    runs = [replace(run, outcomes=tuple(chance.sample(run.outcomes, len(run.outcomes)))) for run in stage.runs]
    chance.shuffle(runs)
    for view in (stage.view, replace(stage.view, open=())):
        assert judge(replace(view, runs=tuple(runs)), stage.policy, stage.now) == judge(view, stage.policy, stage.now)


@EXAMPLES
@given(sure, sure)
@example(["F" * 5] * 2, ["----t"] * 2)
def test_locations_that_report_in_another_order_come_to_the_same(oslo: list[str], graz: list[str]) -> None:
    """Which location's runs are judged first decides nothing about what is open in the end, but for the count of openings.

    That is so for all that is sure. What keeps an open alert open and opens none, a failure that no second attempt confirmed or a single run too late,
    counts only if it arrives before the close. Where the whole target was told to be down, that is the same in any order, and speaks for promises that
    break after it, not before.
    """
    calm = replace(DEFAULT, flap_openings=99, burn_least=99, whole_least=99, missed_cadences=1e9)
    both = [(BEGIN + 600 * number, "oslo", text) for number, text in enumerate(oslo)] + [
        (BEGIN + 200 + 600 * number, "graz", text) for number, text in enumerate(graz)
    ]
    ends = []
    for order in (sorted(both), sorted(both, key=lambda run: (run[1], run[0]))):
        stage = Stage(target=PLACES, policy=calm)
        for at, place, text in order:
            stage.now = at
            stage.add(dict(zip(KEYS, text, strict=True)), at=place)
            stage.now = max(run.at for run in stage.runs)
            stage.judge()
        whole = {UNREACHABLE} & {change.scenario for change in stage.told}
        ends.append(whole or stage.names() & SCENARIOS - {"signup.latency"})

    assert ends[0] == ends[1]


@EXAMPLES
@given(anything)
def test_each_alert_opens_once_until_it_closes(letters: list[tuple[str, str]]) -> None:
    """For every key, openings and closings take turns, and each opening tells owner, title, severity and why."""
    stage = played(letters)
    for key in {change.key for change in stage.told}:
        ends = [change.turn for change in stage.told if change.key == key and change.turn in {Turn.OPEN, Turn.CLOSE}]
        assert ends == ([Turn.OPEN, Turn.CLOSE] * len(ends))[: len(ends)]

    assert all(change.owner and change.severity and change.why for change in stage.told)
    assert all(change.title and change.run and change.since and change.runs for change in stage.told if change.turn is Turn.OPEN)


@pytest.mark.slow
def test_ten_thousand_healthy_runs_with_isolated_blips_page_nobody() -> None:
    """One in a hundred attempts of every kind fails once and passes again, for five weeks: no alert opens, of any severity."""
    kinds = ("integrity", "availability", "latency", "expiry")
    keys = [(f"{journey}.{kind}", surface) for journey in ("quota", "signup") for kind in kinds for surface in ("api", "browser")]
    stage, chance, blips = Stage(again=False), random.Random(20261124), 0
    for _ in range(10_000):
        letters = {key: chance.choice("bp") if chance.random() < 0.01 else "." for key in keys}
        blips += sum(letter != "." for letter in letters.values())
        stage.play(letters)
        stage.forget()

    assert blips > 1000
    assert stage.told == []


def test_a_long_outage_is_one_page_and_one_resolve_with_what_is_remembered() -> None:
    """Eight hours of broken promises, longer than runs are remembered, are still one incident."""
    stage = Stage(again=False)
    many = [f"quota.integrity-{number}" for number in range(30)]
    for letter in "..." + "F" * 100 + ".....":
        stage.play(dict.fromkeys(many, letter))
        stage.forget()

    assert turns(stage.told) == [("open", "target.unreachable"), ("close", "target.unreachable")]


def test_what_is_forgotten_decides_nothing() -> None:
    """A day of runs is judged alike, whether all of it is remembered or what the policy asks for."""
    chance = random.Random(7)
    whole, short = Stage(again=False), Stage(again=False)
    for _ in range(288):
        letters = {key: chance.choice("FFfdbek") if chance.random() < 0.08 else "." for key in KEYS}
        told = [stage.play(letters) for stage in (whole, short)]
        short.forget()
        assert [(change.turn, change.key, change.why) for change in told[0]] == [(change.turn, change.key, change.why) for change in told[1]]

    assert len(whole.told) > 20


def test_judging_takes_its_time_from_the_caller() -> None:
    """The same view at the same moment is the same judgement, and the view is left as it was."""
    stage = Stage()
    stage.play({"quota.a": "F", "quota.b": "."})
    stage.open = []
    view = stage.view
    made = [judge(view, stage.policy, stage.now) for _ in range(3)]

    assert made[0] == made[1] == made[2] != []
    assert view == stage.view
