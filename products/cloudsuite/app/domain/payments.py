"""The card processor's stand-in: it knows three test cards and no real one."""

from __future__ import annotations

from dataclasses import dataclass

from products.cloudsuite.app import refusals


@dataclass(frozen=True)
class Card:
    """What a test card pays."""

    purchases: bool
    renewals: bool


CARDS = {
    "4242424242424242": Card(purchases=True, renewals=True),
    "4000000000000002": Card(purchases=False, renewals=False),
    "4000000000000341": Card(purchases=True, renewals=False),
}


def checked(number: str) -> str:
    """The number without spaces, if it is a card that can be saved. Saving charges nothing."""
    digits = "".join(number.split())
    if digits not in CARDS:
        raise refusals.invalid_input("number", "Use a test card, such as 4242 4242 4242 4242. Real cards are not taken.")
    return digits


def pays(number: str | None, *, renewal: bool) -> bool:
    """Whether the card is charged; no card pays nothing."""
    if number is None:
        return False
    return CARDS[number].renewals if renewal else CARDS[number].purchases
