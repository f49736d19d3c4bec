"""Billing: plans, cards, and what happens when a payment fails."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Standing(StrEnum):
    """How a workspace stands with its bills."""

    ACTIVE = "active"
    CANCELLING = "cancelling"
    GRACE = "grace"
    SUSPENDED = "suspended"


class Card(StrEnum):
    """What a test card does. The driver knows its number."""

    PAYS = "pays"
    DECLINED = "declined"
    FAILS_RENEWAL = "accepted, but fails at the next renewal"


@dataclass(frozen=True)
class Charge:
    """What a project costs: `state` is pending, captured or void; `cents` in the product's currency."""

    project_id: str | None
    cents: int
    state: str


@dataclass(frozen=True)
class Bill:
    """The billing page: `plan` in the product's own word."""

    plan: str
    standing: Standing
    charges: tuple[Charge, ...] = ()


class Billing(Protocol):
    """A workspace has a plan and pays for it."""

    def billing(self) -> Bill:
        """Return what the billing page shows."""

    def use_card(self, card: Card) -> None:
        """Store a card.

        Raises:
            Refused: PAYMENT_DECLINED.
        """

    def change_plan(self, plan: str) -> None:
        """Upgrade or downgrade.

        Raises:
            Refused: PAYMENT_DECLINED, FORBIDDEN.
        """

    def upgrade_path(self) -> list[str]:
        """Return the product's plans from smallest to largest."""

    def pay(self) -> None:
        """Pay what is due.

        Raises:
            Refused: PAYMENT_DECLINED.
        """


class PaidProjects(Protocol):
    """Some variants of a project cost money, charged when they become active."""

    def paid_variant_tier(self) -> str:
        """Return the tier that costs money."""


class AllOfBilling(Billing, PaidProjects, Protocol):
    """All of it."""
