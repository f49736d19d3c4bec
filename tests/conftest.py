"""What many tests are given: a copy of the house, and the real parts that they talk to."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.parts.postgresql import postgresql
from tests.tree import Tree, plant

__all__ = ["postgresql"]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Return a copy of the house, with Tiny as its product and no scenario yet."""
    return plant(tmp_path / "house", tmp_path / "own")


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a shell's background job is born deaf to Ctrl+C, and so would be every process that a test interrupts
    signal.signal(signal.SIGINT, signal.default_int_handler)
