"""Offices for tests of deciding and telling."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rehearsal.receiver import Receiver, Reply
from tests.reports.desk import Office
from verdicts.history.store import History


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office with an empty history."""
    history = History.open(str(tmp_path / "history.sqlite"))
    yield Office(tmp_path, history)
    history.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that takes everything."""
    with Receiver(lambda _: Reply(202)) as server:
        yield server
