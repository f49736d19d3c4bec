"""What one run says of a promise, by how its attempts ended."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.verdicts.made import outcome
from tests.verdicts.stage import attempts
from verdicts.observe import FAILURES, Mark, observe
from verdicts.outcome import Outcome, Status, final
from verdicts.series import begun, breaks, clean_streak

MARKS = {
    ".": Mark.CLEAN,
    "d": Mark.DEGRADED,
    "b": Mark.DEGRADED,
    "p": Mark.DEGRADED,
    "F": Mark.CONFIRMED,
    "f": Mark.SUSPECT,
    "?": Mark.SUSPECT,
    "e": Mark.UNTOLD,
    "i": Mark.UNTOLD,
    "t": Mark.UNTOLD,
    "k": Mark.UNTOLD,
    "u": Mark.UNTOLD,
    "q": Mark.UNTOLD,
    "n": Mark.BESIDE,
}


@pytest.mark.parametrize(("letter", "mark"), MARKS.items())
def test_attempts_amount_to_one_mark(letter: str, mark: Mark) -> None:
    """Only two failed attempts confirm, only a pass at once is clean, and what could not be told says nothing."""
    [seen] = observe(attempts("quota.a", letter)).observations.values()

    assert seen.mark is mark


def test_a_failure_whose_second_attempt_could_not_tell_shows_the_failure() -> None:
    """What is told to the owner is the attempt that failed; that the monitor was at fault afterwards is known too."""
    [seen] = observe(attempts("quota.a", "?")).observations.values()

    assert seen.outcome.status is Status.FAILED
    assert seen.fault


@pytest.mark.parametrize(
    ("letter", "fault", "unreached"), [("e", True, False), ("i", True, False), ("t", False, True), ("u", False, True), ("k", False, False)]
)
def test_it_is_known_who_is_at_fault_for_what_is_not_told(letter: str, fault: bool, unreached: bool) -> None:
    """The monitor is at fault for its errors, and not for a target that does not answer or a stage that is broken."""
    [seen] = observe(attempts("quota.a", letter)).observations.values()

    assert (seen.fault, seen.unreached) == (fault, unreached)


def test_only_what_is_late_counts_against_a_journey() -> None:
    """Slow, kept on the second try, or broken where time is the promise: those are bad; what is blocked, an error or broken otherwise does not count at all."""
    tried = {
        "quota.integrity-1": ".",
        "quota.integrity-2": "d",
        "quota.integrity-3": "b",
        "quota.integrity-4": "F",
        "quota.latency-1": "F",
        "quota.latency-2": "k",
    }
    said = observe(each for name, letter in tried.items() for each in attempts(name, letter))

    assert said.tallies["quota"].attempts == 4
    assert {each.outcome.scenario for each in said.tallies["quota"].bad} == {"quota.integrity-2", "quota.integrity-3", "quota.latency-1"}


tried = st.lists(
    st.builds(
        outcome, st.sampled_from(Status), scenario=st.sampled_from(["a.a", "b.b"]), surface=st.sampled_from(["api", "browser"]), attempt=st.integers(1, 3)
    ),
    unique_by=lambda each: (each.key, each.attempt),
)


@given(tried, st.randoms())
def test_a_run_says_the_same_in_whatever_order_it_is_read(outcomes: list[Outcome], chance: object) -> None:
    """The order of the lines of a run decides nothing, and the mark agrees with how the run itself counts."""
    shuffled = list(outcomes)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # a Random
    said = observe(outcomes).observations

    assert {key: each.mark for key, each in observe(shuffled).observations.items()} == {key: each.mark for key, each in said.items()}
    for last in final(outcomes):
        assert (said[last.key].mark is Mark.CLEAN) == (last.status is Status.PASSED)
        assert said[last.key].mark in FAILURES or last.status is not Status.FAILED


@pytest.mark.parametrize(
    ("letters", "opens"),
    [
        ("", False),
        (".", False),
        ("F", True),
        ("f", False),
        ("ff", True),
        ("f.f", True),
        ("f..f", False),
        ("F.", False),
        ("d", False),
        ("fdf", True),
        (".x", False),
        ("Fx", False),
    ],
)
def test_one_confirmed_or_two_of_three_open(letters: str, opens: bool) -> None:
    """The last one must have failed, and be confirmed or the second failure of three; what failed with everything else opens nothing."""
    known = {**MARKS, "x": Mark.EXCUSED}

    assert breaks([known[letter] for letter in letters], needed=2, window=3) is opens


@pytest.mark.parametrize(("letters", "streak"), [("", 0), ("F.", 1), ("F..", 2), ("..d", 0), ("F.d.", 1), ("..x", 0), ("...", 3)])
def test_only_clean_ones_at_the_end_count(letters: str, streak: int) -> None:
    """Whatever is told and not clean begins the count anew."""
    known = {**MARKS, "x": Mark.EXCUSED}

    assert clean_streak([known[letter] for letter in letters]) == streak


@pytest.mark.parametrize(("letters", "first"), [("..", None), ("F", 0), (".F.F", 1), ("F..F", 3), ("F..", None), ("f.f", 0), ("dF", 1)])
def test_a_spell_begins_with_its_first_failure(letters: str, first: int | None) -> None:
    """A single clean run between two failures does not end a spell; two do."""
    assert begun([MARKS[letter] for letter in letters], healed=2) == first


def test_nothing_both_opens_and_is_clean() -> None:
    """Where an alert opens, no clean run stands at the end: judging again cannot close it."""
    rows = itertools.product([Mark.CLEAN, Mark.DEGRADED, Mark.SUSPECT, Mark.CONFIRMED, Mark.EXCUSED], repeat=4)

    assert not [marks for marks in rows if breaks(marks, needed=2, window=3) and clean_streak(marks)]
