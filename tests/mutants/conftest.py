"""Mutants at test time: a quick few with every run, all of them with `-m mutants`."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the slow mutants out, unless they are asked for."""
    if "mutants" in (config.getoption("markexpr") or ""):
        return
    slow = [item for item in items if item.get_closest_marker("mutants") and item.get_closest_marker("slow")]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]
