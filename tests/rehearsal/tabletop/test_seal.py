"""Seals: a card is the one that was committed to, or that is seen."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from launch import package
from rehearsal.tabletop import seal
from rehearsal.tabletop.deck import Card, deal
from rehearsal.tabletop.seal import BrokenSealError, Sealed
from tests.rehearsal.tabletop.table import LAUNCH


def cards(count: int = 2) -> list[Card]:
    return deal(LAUNCH, package.FOLDER, seed="s", count=count)


def test_an_envelope_holds_the_card_that_was_committed_to() -> None:
    """Anybody can check it with a hash of salt, line feed and card."""
    [card] = cards(1)
    sealed = seal.close(card, "s", 1)
    opened, salt = seal.open_(sealed)

    assert opened == card
    assert hashlib.sha256(f"{salt}\n{seal.written(card)}".encode()).hexdigest() == sealed.commitment


def test_a_sealed_card_cannot_be_read_or_guessed_at_a_glance() -> None:
    """Neither its risk nor a word stands in it; the same card at another place or from another seed has another commitment."""
    [card] = cards(1)
    sealed = seal.close(card, "s", 1)

    assert card.risk not in sealed.envelope
    assert len({seal.close(card, seed, position).commitment for seed in "st" for position in (1, 2)}) == 4


def test_a_swapped_card_breaks_its_seal() -> None:
    """Whether the envelope, or the commitment, is another's; or the envelope is no envelope."""
    one, two = (seal.close(card, "s", position) for position, card in enumerate(cards(2), 1))

    for broken in (Sealed(one.commitment, two.envelope), Sealed(two.commitment, one.envelope), replace(one, envelope="bm8="), replace(one, envelope="ä")):
        with pytest.raises(BrokenSealError):
            seal.open_(broken)


def test_the_seal_of_a_deck_is_short_and_changes_with_every_card_and_their_order() -> None:
    """It can be read out, and written on a board."""
    deck = [seal.close(card, "s", position).commitment for position, card in enumerate(cards(2), 1)]
    whole = seal.of_deck(deck)

    assert len(whole) == 19
    assert len({whole, seal.of_deck(deck[::-1]), seal.of_deck(deck[:1])}) == 3
