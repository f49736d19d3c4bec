"""Tests that start a JupyterHub are asked for: its installation is 400 MB and a minute, which the others do without."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave them out, unless they are asked for."""
    if "hub" in (config.getoption("markexpr") or ""):
        return
    starting = [item for item in items if item.get_closest_marker("hub")]
    if starting:
        config.hook.pytest_deselected(items=starting)
        items[:] = [item for item in items if item not in starting]
