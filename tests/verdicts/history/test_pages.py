"""A test page counts when somebody says that it came."""

from __future__ import annotations

from tests.verdicts.history.made import NOON
from verdicts.history.pages import Page, pages, received, sent
from verdicts.history.store import History


def test_a_page_is_open_until_somebody_gives_its_code_back(history: History) -> None:
    """When, and who; a second receipt changes nothing."""
    with history.begin() as tx:
        sent(tx, code="c0ffee", owner="growth", now=NOON)
        assert pages(tx) == (Page("c0ffee", "growth", NOON),)
        told = received(tx, code="c0ffee", by="ada", now=NOON + 60)

        assert told == Page("c0ffee", "growth", NOON, NOON + 60, "ada")
        assert received(tx, code="c0ffee", by="bob", now=NOON + 90) == told
        assert pages(tx) == (told,)


def test_a_code_that_was_never_sent_is_none(history: History) -> None:
    """Nobody receives what nobody sent."""
    with history.begin() as tx:
        assert received(tx, code="?", by="ada", now=NOON) is None

        assert pages(tx) == ()


def test_pages_of_an_owner_come_latest_first(history: History) -> None:
    """And those of others are left out."""
    with history.begin() as tx:
        for number, owner in enumerate(["growth", "billing", "growth"]):
            sent(tx, code=f"c{number}", owner=owner, now=NOON + number)

        assert [each.code for each in pages(tx, "growth")] == ["c2", "c0"]
