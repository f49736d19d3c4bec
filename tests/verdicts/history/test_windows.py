"""Silences, maintenance windows and quarantines have an owner, a reason and an end."""

from __future__ import annotations

import re
from typing import Any

import pytest

from launch.reading import BadInput
from tests.verdicts.history.made import DAY, NOON, rows
from verdicts.history.schema import QUARANTINES, SILENCES
from verdicts.history.store import History
from verdicts.history.windows import end_quarantine, expire, quarantine, quarantines, silence, silences
from verdicts.view import Quarantine, Silence

QUIET: dict[str, Any] = {"target": "prod", "scenario": "quota.*", "owner": "growth", "reason": "a move", "now": NOON, "ends": NOON + DAY}
SICK: dict[str, Any] = {
    "target": "*",
    "scenario": "quota.a",
    "owner": "growth",
    "reason": "flaky since the move",
    "issue": "https://issues.example.com/7",
    "now": NOON,
    "expires": NOON + 7 * DAY,
    "clean_runs": 5,
}


def test_a_silence_is_silent_until_it_ends(history: History) -> None:
    """It begins now, says who answers for it and why, and is over by itself."""
    with history.begin() as tx:
        number = silence(tx, **QUIET)
        told = Silence(target="prod", scenario="quota.*", starts=NOON, ends=NOON + DAY, kind="silence", owner="growth", reason="a move", id=number)

        assert silences(tx, NOON + DAY - 1) == (told,)
        assert silences(tx, NOON + DAY) == ()


def test_a_maintenance_window_may_begin_later(history: History) -> None:
    """It is known of beforehand; judgement sees from its start whether it has begun."""
    with history.begin() as tx:
        silence(tx, **QUIET, starts=NOON + 3600, kind="maintenance")

        assert [(each.kind, each.starts) for each in silences(tx, NOON)] == [("maintenance", NOON + 3600)]


def test_a_silence_can_be_ended(history: History) -> None:
    """Once; what is over cannot be ended again, and stays on record."""
    with history.begin() as tx:
        first, second = silence(tx, **QUIET), silence(tx, **{**QUIET, "ends": NOON + 60})
        assert [each.id for each in silences(tx, NOON)] == [second, first]

        assert expire(tx, first, NOON + 10)
        assert not expire(tx, first, NOON + 11)
        assert not expire(tx, 99, NOON)
        assert [each.id for each in silences(tx, NOON + 10)] == [second]
        assert len(rows(tx, SILENCES)) == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"owner": ""}, "silence: owner: saw nothing"),
        ({"reason": "  "}, "silence: reason: saw nothing"),
        ({"target": ""}, "silence: target: saw nothing"),
        ({"scenario": ""}, "silence: scenario: saw nothing"),
        ({"ends": NOON}, "silence: ends: saw a time that is over, or before it starts"),
        ({"starts": NOON + 2 * DAY}, "silence: ends: saw a time that is over, or before it starts"),
        ({"kind": "holiday"}, "a window: kind: saw 'holiday'; allowed is one of silence, maintenance"),
    ],
)
def test_a_silence_that_nobody_answers_for_is_refused(wrong: dict[str, Any], said: str, history: History) -> None:
    """Without owner, reason or end there is none."""
    with history.begin() as tx:
        with pytest.raises(BadInput, match=re.escape(said)):
            silence(tx, **{**QUIET, **wrong})

        assert rows(tx, SILENCES) == []


def test_a_quarantine_lasts_until_it_expires(history: History) -> None:
    """It says who answers for it, why, where that is discussed, and after how many clean runs it ends."""
    with history.begin() as tx:
        number = quarantine(tx, **SICK)
        told = Quarantine(
            id=number,
            target="*",
            scenario="quota.a",
            owner="growth",
            created=NOON,
            expires=NOON + 7 * DAY,
            clean_runs=5,
            issue="https://issues.example.com/7",
            reason="flaky since the move",
        )

        assert quarantines(tx, NOON + 7 * DAY - 1) == (told,)
        assert quarantines(tx, NOON + 7 * DAY) == ()


def test_a_quarantine_ends_with_a_reason(history: History) -> None:
    """Once, and it stays on record; the scenario can be put into a new one."""
    with history.begin() as tx:
        number = quarantine(tx, **SICK)

        assert end_quarantine(tx, number, NOON + 1, "five clean runs")
        assert not end_quarantine(tx, number, NOON + 2, "again")
        assert quarantines(tx, NOON + 2) == ()
        assert [(row["ended"], row["ended_why"]) for row in rows(tx, QUARANTINES)] == [(NOON + 1, "five clean runs")]
        assert quarantine(tx, **SICK) != number


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"owner": ""}, "quarantine: owner: saw nothing"),
        ({"reason": ""}, "quarantine: reason: saw nothing"),
        ({"issue": ""}, "quarantine: issue: saw nothing"),
        ({"issue": "I told Bob"}, "quarantine: issue: saw 'I told Bob'; allowed is a link"),
        ({"expires": NOON}, "quarantine: expires: saw a time that is over"),
        ({"clean_runs": 0}, "quarantine: clean_runs: saw 0; allowed is 1 or more"),
    ],
)
def test_a_quarantine_that_would_never_end_is_refused(wrong: dict[str, Any], said: str, history: History) -> None:
    """Without owner, reason, issue and end there is none."""
    with history.begin() as tx:
        with pytest.raises(BadInput, match=re.escape(said)):
            quarantine(tx, **{**SICK, **wrong})

        assert rows(tx, QUARANTINES) == []


def test_a_scenario_is_in_quarantine_once(history: History) -> None:
    """A second one over the first would hide when the first should have ended."""
    with history.begin() as tx:
        first = quarantine(tx, **SICK)
        with pytest.raises(BadInput, match=rf"which is in quarantine on \* already \(number {first}\); end that one first"):
            quarantine(tx, **SICK)

        assert quarantine(tx, **{**SICK, "target": "prod"}) != first
