"""Whatever dies on the way, each outcome is kept, each alert is told, and none of them twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.harness import play

KILLS = 40


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_is_lost_or_told_twice_whatever_is_killed(tmp_path: Path, seed: int) -> None:
    """Processes are killed at named and at random points; runs, history and receiver agree all the same."""
    figures = play(tmp_path, KILLS, seed)

    assert figures.kills.total() >= KILLS
    assert figures.alerts > 0
    assert figures.faults == 0, figures
