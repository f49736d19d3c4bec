"""Cloud Suite in this process."""

from __future__ import annotations

from pathlib import Path

import pytest

from products.cloudsuite.app.settings import Settings
from tests.products.cloudsuite.app.people import Browser, Suite


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    """An installation with cheap passwords and a known operator."""
    return Suite(Settings(data=tmp_path, operator_token="operator-token", password_cost=16, rate_signups_per_minute=1000))


@pytest.fixture
def visitor(suite: Suite) -> Browser:
    """A browser that has not been here before."""
    return Browser(suite)
