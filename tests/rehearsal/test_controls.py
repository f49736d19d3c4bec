"""What the controls stand on: a blip that is taken once, whoever comes by."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rehearsal.application.seams import Seams
from rehearsal.board import Board, Switch
from rehearsal.faults.c4_single_blip import note, once


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    """A board with a blip that is on, for a minute."""
    made = Board(tmp_path / "board")
    made.put(Switch("C4", "C4", time.time() + 60))
    yield made
    made.clear("C4")


def test_of_many_who_come_at_once_one_takes_the_blip(board: Board) -> None:
    """The product answers in many threads, and its worker is another process."""
    with ThreadPoolExecutor(16) as pool:
        taken = list(pool.map(lambda _: once(Seams("C4", Board(board.folder))), range(64)))

    assert sum(taken) == 1
    assert note(board, "C4").exists()


def test_the_note_of_a_blip_is_no_switch(board: Board) -> None:
    """It lies in the same folder."""
    assert once(Seams("C4", board))
    assert [each.drill for each in board.on()] == ["C4"]
