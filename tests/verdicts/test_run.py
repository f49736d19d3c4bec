"""The verdict on a run: nothing turns green through absence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.verdicts.made import outcome
from verdicts.outcome import Outcome, Status, final
from verdicts.run import BROKEN, CANNOT_TELL, KEPT, conclude, to_confirm

KEYS = [(scenario, surface) for scenario in ("signup.a", "quota.b", "face.c") for surface in ("api", "browser")]
NOTHING = "nothing was proven: no scenario was selected that the product offers and that is not in quarantine"
tried = st.lists(
    st.builds(
        lambda status, key, attempt: outcome(status, scenario=key[0], surface=key[1], attempt=attempt),
        st.sampled_from(Status),
        st.sampled_from(KEYS),
        st.integers(1, 2),
    )
)
expectations = st.sets(st.sampled_from(KEYS))


@given(tried, expectations)
def test_any_promise_broken_is_1(outcomes: list[Outcome], expected: set[tuple[str, str]]) -> None:
    """The exit code is 1 exactly where a promise was broken at the last attempt."""
    broken = any(each.status is Status.FAILED for each in final(outcomes))

    assert (conclude(outcomes, expected)[0] == BROKEN) == broken


@given(tried, expectations)
def test_what_is_absent_is_never_0(outcomes: list[Outcome], expected: set[tuple[str, str]]) -> None:
    """An expected scenario without an outcome keeps the run from being green."""
    absent = expected - {each.key for each in outcomes}

    assert not absent or conclude(outcomes, expected)[0] != KEPT


@given(tried, expectations)
def test_nothing_proven_is_never_0(outcomes: list[Outcome], expected: set[tuple[str, str]]) -> None:
    """A run is green only where something was proven and every end is green or beside the point."""
    ends = {each.status for each in final(outcomes)}
    green = {Status.PASSED, Status.DEGRADED}
    code, _ = conclude(outcomes, expected)

    assert code != KEPT or (ends & green and ends <= green | {Status.NOT_APPLICABLE, Status.QUARANTINED})


@given(tried, expectations)
def test_a_verdict_is_one_of_three_and_has_a_reason(outcomes: list[Outcome], expected: set[tuple[str, str]]) -> None:
    """A verdict is 0, 1 or 3, in one line of words, and does not depend on the order of what was written."""
    code, reason = conclude(outcomes, expected)

    assert code in {KEPT, BROKEN, CANNOT_TELL}
    assert reason
    assert "\n" not in reason


@pytest.mark.parametrize(
    ("outcomes", "expected", "verdict"),
    [
        ([], [], (3, NOTHING)),
        ([], [("signup.a", "api")], (3, "the monitor cannot tell: 1 never ended")),
        ([outcome()], [("signup.a", "api")], (0, "every promise kept")),
        ([outcome(Status.DEGRADED)], [], (0, "every promise kept; 1 degraded")),
        ([outcome(Status.FAILED)], [], (1, "1 promise broken")),
        ([outcome(Status.FAILED), outcome(Status.FAILED, surface="browser")], [("a.b", "api")], (1, "2 promises broken; and not told: 1 never ended")),
        ([outcome(Status.FAILED), outcome(Status.PASSED, attempt=2)], [], (0, "every promise kept; 1 degraded")),
        ([outcome(Status.FAILED), outcome(Status.INCOMPLETE, attempt=2)], [], (3, "the monitor cannot tell: 1 incomplete")),
        ([outcome(), outcome(Status.BLOCKED, scenario="a.b"), outcome(Status.ERROR, scenario="a.c")], [], (3, "the monitor cannot tell: 1 error, 1 blocked")),
        ([outcome(Status.NOT_APPLICABLE), outcome(Status.QUARANTINED, scenario="a.b")], [], (3, NOTHING)),
    ],
)  # fmt: skip
def test_the_reason_says_what_it_was(outcomes: list[Outcome], expected: list[tuple[str, str]], verdict: tuple[int, str]) -> None:
    """Each verdict comes with its reason in words."""
    assert conclude(outcomes, expected) == verdict


@pytest.mark.parametrize("status", Status)
def test_all_that_is_neither_green_nor_beside_the_point_is_confirmed(status: Status) -> None:
    """A second attempt is made where the first one says nothing good, and nowhere else."""
    again = status in {Status.FAILED, Status.ERROR, Status.INCOMPLETE, Status.BLOCKED}

    assert [each.status for each in to_confirm([outcome(status)])] == [status] * again


def test_what_was_confirmed_good_is_not_tried_a_third_time() -> None:
    """A pass on the confirming attempt settles it."""
    assert to_confirm([outcome(Status.FAILED), outcome(Status.PASSED, attempt=2)]) == []
