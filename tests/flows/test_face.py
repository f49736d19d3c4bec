"""Durations against budgets, and the slow few of many."""

from __future__ import annotations

import pytest

from flows import face
from flows.blame import Blocked, ProductFault
from flows.contract.face import Glance
from flows.trail import Trail
from flows.waiting import Budget

RESPONSE = Budget("response", expected=1, limit=3)


def test_what_is_in_time_leaves_no_word(path: Trail) -> None:
    """Neither slow nor broken."""
    face.punctual("a read", 1.0, RESPONSE)
    face.still("a page", 0.1)

    assert path.slow == []


def test_past_what_is_expected_it_is_slow(path: Trail) -> None:
    """And kept."""
    face.punctual("a read", 1.5, RESPONSE)
    face.still("a page", 0.2)

    assert path.slow == ["a read took 1.50 s (response expects 1 s)", "a page shifts by 0.20 while it comes up (0.1 is good)"]


def test_past_the_limit_it_is_broken() -> None:
    """With both figures."""
    with pytest.raises(ProductFault, match=r"a read took 3\.10 s \(response limit 3 s\)"):
        face.punctual("a read", 3.1, RESPONSE)
    with pytest.raises(ProductFault, match=r"a page jumps about while it comes up: a layout shift of 0\.30 \(limit 0\.25\)"):
        face.still("a page", 0.3)


@pytest.mark.parametrize(("share", "seconds"), [(0.0, 1), (0.5, 20), (0.95, 38), (1.0, 40)])
def test_a_percentile_is_one_of_the_reads(share: float, seconds: int) -> None:
    """The nearest rank: two of forty may be slower than the 95th."""
    assert face.percentile([Glance("/", float(each)) for each in range(40, 0, -1)], share).seconds == seconds


class Reader:
    """A customer whose every third read, or so, goes wrong; as much of one as is asked here."""

    def __init__(self, wrong: int) -> None:
        self.face, self.wrong = self, wrong

    def glance(self, nth: int) -> Glance:
        """Read."""
        return Glance("/", 0.1, "" if nth >= self.wrong else "answered 500")


def test_what_was_not_answered_is_not_timed(path: Trail) -> None:
    """It is another promise's, and most of them leave nothing to time."""
    assert len(face.served(Reader(4), 10)) == 6  # type: ignore[arg-type]
    with pytest.raises(Blocked, match="only 5 of 10 reads were answered as they should be"):
        face.served(Reader(5), 10)  # type: ignore[arg-type]
