"""A copy of the house, and its product in this process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.products.tiny.server import Tiny
from tests.tree import Tree, await_gone, beside


@pytest.fixture
def tiny(tree: Tree) -> Iterator[Tiny]:
    """Serve the product of the tree; afterwards nothing may be alive that the tree's runs started."""
    with beside(tree) as server:
        yield server
    await_gone(str(tree.own))
