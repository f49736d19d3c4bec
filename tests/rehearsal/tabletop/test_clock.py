"""The facilitator's clock."""

from __future__ import annotations

import pytest

from rehearsal.tabletop.clock import Clock, shown


def test_it_counts_only_while_it_runs() -> None:
    """Started and stopped as often as one likes; starting twice changes nothing."""
    clock = Clock().started(100).started(105)

    assert clock.at(110) == 10
    assert clock.stopped(110).at(500) == 10
    assert clock.stopped(110).started(500).at(505) == 15


def test_a_wall_clock_that_is_set_back_does_not_turn_it_back() -> None:
    """It waits until the time has caught up."""
    assert Clock(7, since=100).at(40) == 7


@pytest.mark.parametrize(("seconds", "said"), [(0, "0:00"), (65, "1:05"), (3599.6, "1:00:00"), (3725, "1:02:05"), (-65, "-1:05"), (-0.2, "0:00")])
def test_what_it_shows(seconds: float, said: str) -> None:
    """Minutes and seconds, hours where there are any."""
    assert shown(seconds) == said
