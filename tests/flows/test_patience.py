"""Who is told "later, please" comes back when the product says, and not for ever."""

from __future__ import annotations

import pytest

from flows.blame import Refused
from flows.patience import FIRST, LIMIT, LONGEST, patiently
from flows.refusal import Reason, Refusal
from flows.trail import Trail
from tests.flows.conftest import Clock


class Desk:
    """Refuses as often as it is told to, then answers."""

    def __init__(self, *refusals: Refusal) -> None:
        self.refusals, self.asked = list(refusals), 0

    def __call__(self) -> str:
        """Ask."""
        self.asked += 1
        if self.refusals:
            raise Refused(self.refusals.pop(0))
        return "done"


def test_what_is_refused_for_the_moment_is_done_when_the_product_says(clock: Clock, path: Trail) -> None:
    """A refusal that names a time is waited for so long, and told."""
    desk = Desk(Refusal(Reason.BUSY, retry_after=4.0))

    assert patiently(desk, doing="opening") == "done"
    assert clock.naps == [4.0]
    assert path.states == ["opening: busy for the moment, tried again after 4 s"]
    assert path.slow == []


def test_without_a_time_the_returns_grow_apart(clock: Clock, path: Trail) -> None:
    """Each return is twice as late as the one before, up to the longest."""
    patiently(Desk(*[Refusal(Reason.RATE_LIMITED)] * 6), doing="opening")

    assert clock.naps == [FIRST, 2 * FIRST, 4 * FIRST, 8 * FIRST, LONGEST, LONGEST]


@pytest.mark.parametrize("pauses", [[Refusal(Reason.BUSY, retry_after=LIMIT + 1)], [Refusal(Reason.BUSY)] * 50])
def test_patience_ends(clock: Clock, path: Trail, pauses: list[Refusal]) -> None:
    """A product that is busy for longer than anybody waits is refused in the end, and never waited for past the limit."""
    with pytest.raises(Refused) as told:
        patiently(Desk(*pauses), doing="opening")

    assert told.value.refusal.reason is Reason.BUSY
    assert sum(clock.naps) <= LIMIT


@pytest.mark.parametrize(("reason", "only"), [(Reason.QUOTA, None), (Reason.BUSY, frozenset({Reason.RATE_LIMITED}))])
def test_any_other_refusal_is_one_at_once(clock: Clock, path: Trail, reason: Reason, only: frozenset[Reason] | None) -> None:
    """What is refused for good, or for a reason that is not waited for here, is asked for once."""
    desk = Desk(Refusal(reason))

    with pytest.raises(Refused):
        patiently(desk, doing="opening", **({"only": only} if only else {}))
    assert (desk.asked, clock.naps) == (1, [])
