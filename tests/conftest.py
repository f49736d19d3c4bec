"""What many tests are given: a copy of the house, and the real parts that they talk to."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from hypothesis import settings

from tests.parts.postgresql import postgresql
from tests.tree import Tree, plant

__all__ = ["postgresql"]

settings.register_profile("repeatable", derandomize=True)  # a gate says the same of the same commit; `make explore` looks at what nobody has seen
settings.load_profile("repeatable")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is to be asked for by its mark: the slow ones of those that break the product, and what installs a hub (400 MB, and a minute)."""
    asked = config.getoption("markexpr") or ""
    left = [each for each in items if ("mutants" not in asked and is_slow_mutant(each)) or ("hub" not in asked and each.get_closest_marker("hub"))]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [each for each in items if each not in left]


def is_slow_mutant(item: pytest.Item) -> bool:
    """Tell whether a test breaks the product, and takes long."""
    return bool(item.get_closest_marker("mutants") and item.get_closest_marker("slow"))


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Return a copy of the house, with Tiny as its product and no scenario yet."""
    return plant(tmp_path / "house", tmp_path / "own")


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a shell's background job is born deaf to Ctrl+C, and so would be every process that a test interrupts
    signal.signal(signal.SIGINT, signal.default_int_handler)
