"""The board of switches: on for a scope, off at once, and off by itself."""

from __future__ import annotations

import time
from pathlib import Path

from rehearsal.board import Board, Switch


def switch(**named: object) -> Switch:
    """Return a switch of F19, on for a minute."""
    return Switch(**{"drill": "d1", "fault": "F19", "expires": time.time() + 60, **named})  # type: ignore[arg-type]


def test_a_switch_is_seen_at_once_by_whoever_looked_before_and_so_is_its_end(tmp_path: Path) -> None:
    """Between two looks, whatever the file system thinks of the time."""
    here, there = Board(tmp_path / "board"), Board(tmp_path / "board")
    for _ in range(200):
        assert there.strikes("F19") is None
        here.put(switch())
        assert there.strikes("F19") == here.strikes("F19") is not None
        assert here.clear("d1")
    assert not here.clear("d1")


def test_a_switch_that_nobody_clears_ends_by_itself(tmp_path: Path) -> None:
    """Whoever put it may be dead."""
    board = Board(tmp_path)
    board.put(switch(expires=time.time() - 1))

    assert board.on() == ()


def test_a_switch_concerns_its_scope_only(tmp_path: Path) -> None:
    """The people of another mail domain never meet it."""
    board = Board(tmp_path)
    board.put(switch(scope="d1.example.com"))

    assert board.strikes("F19", "ada@D1.example.com")
    assert board.strikes("F19", "ada@example.com") is None
    assert board.strikes("F19") is None
    assert board.strikes("F20", "ada@d1.example.com") is None


def test_a_dose_is_taken_in_its_share_and_the_same_way_each_time(tmp_path: Path) -> None:
    """A rehearsal can be repeated."""
    board = Board(tmp_path)
    board.put(switch(dose=0.25))

    first = [board.strikes("F19") is not None for _ in range(1000)]

    assert 200 < sum(first) < 300
    again = Board(tmp_path)
    assert [again.strikes("F19") is not None for _ in range(1000)] == first
