"""What runs out is told before it does."""

from __future__ import annotations

import pytest

from tests.verdicts.stage import BEGIN, Stage, turns
from verdicts.rules.expiry import severity
from verdicts.view import DEFAULT, Expiring, Silence, Turn

DAY = 86400.0


def stage(days: float) -> Stage:
    """Return a stage with a credential that runs out in so many days."""
    return Stage(expiring=(Expiring("secrets.token", BEGIN + days * DAY, "operators", "The credential 'token' of shop is valid."),))


@pytest.mark.parametrize(
    ("days", "word"),
    [
        (31, ""),
        (30, "info"),
        (14.1, "info"),
        (14, "warning"),
        (7.1, "warning"),
        (7, "error"),
        (1.1, "error"),
        (1, "critical"),
        (0, "critical"),
        (-3, "critical"),
    ],
)
def test_the_nearer_the_worse(days: float, word: str) -> None:
    """Thirty, fourteen, seven days and one."""
    assert severity(days * DAY, DEFAULT) == word


def test_it_opens_rises_and_closes_when_it_is_renewed() -> None:
    """One alert for one credential; each step is told, and a new date closes it."""
    played = stage(40)
    heard = []
    for _ in range(41):
        heard += [(change.turn, change.severity, change.why, change.tells) for change in played.judge()]
        played.now += DAY
    played.expiring = (Expiring("secrets.token", played.now + 90 * DAY, "operators", ""),)
    [closed] = played.judge()

    assert heard == [
        (Turn.OPEN, "info", "runs out in 30 d", False),
        (Turn.SEEN, "warning", "runs out in 14 d", True),
        (Turn.SEEN, "error", "runs out in 7 d", True),
        (Turn.SEEN, "critical", "runs out in 1 d", True),
    ]
    assert (closed.turn, closed.why) == (Turn.CLOSE, "it runs out in 90 d")


def test_what_is_said_of_it() -> None:
    """Identity, owner and title."""
    [opened] = stage(-2).judge()

    assert (opened.scenario, opened.failure, opened.owner) == ("monitor.expiring/secrets.token", "expiry", "operators")
    assert (opened.title, opened.why) == ("The credential 'token' of shop is valid.", "ran out 2 d ago")


def test_what_is_no_longer_in_use_closes() -> None:
    """A credential that nobody lists cannot run out."""
    played = stage(3)
    played.judge()
    played.expiring = ()

    assert turns(played.judge()) == [("close", "monitor.expiring/secrets.token")]


def test_a_date_that_moved_a_little_says_nothing() -> None:
    """A severity never falls while an alert is open."""
    played = stage(3)
    played.judge()
    played.expiring = (Expiring("secrets.token", BEGIN + 20 * DAY, "operators", ""),)

    assert played.judge() == []


def test_a_silence_holds_it_back() -> None:
    """As any other alert; it opens when the silence ends."""
    played = stage(3)
    played.silences = (Silence("*", "monitor.expiring/*", BEGIN, BEGIN + DAY),)

    assert played.judge() == []
    played.now += DAY
    assert turns(played.judge()) == [("open", "monitor.expiring/secrets.token")]


def test_a_judgement_of_a_moment_before_leaves_it_alone() -> None:
    """A run that arrives late does not turn the calendar back."""
    played = stage(30)
    played.judge()
    played.now -= DAY

    assert played.judge() == []
