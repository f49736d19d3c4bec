"""One channel and its receiver for one test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.reports.channels.stands import STANDS, Stand


@pytest.fixture(params=STANDS)
def stand(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stand]:
    """Every channel, one after the other."""
    with ExitStack() as stack:
        yield STANDS[request.param](tmp_path, stack)
