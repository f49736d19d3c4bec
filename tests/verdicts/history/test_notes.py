"""A note has one value, and a time."""

from __future__ import annotations

from tests.verdicts.history.made import NOON
from verdicts.history.notes import at, get, put
from verdicts.history.store import History


def test_a_note_keeps_its_latest_value(history: History) -> None:
    """And when it got that one; what was never put has neither."""
    with history.begin() as tx:
        put(tx, "heartbeat", "first", NOON)
        put(tx, "heartbeat", "second\0", NOON + 1)

        assert (get(tx, "heartbeat"), at(tx, "heartbeat")) == ("second\ufffd", NOON + 1)
        assert (get(tx, "nothing"), at(tx, "nothing")) == (None, None)
