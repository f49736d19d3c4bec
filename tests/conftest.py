"""A copy of the house for a test of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tree import Tree, plant


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Return a copy of the house, with Tiny as its product and no scenario yet."""
    return plant(tmp_path / "house", tmp_path / "own")
