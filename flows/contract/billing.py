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
class Invoice:
    """What a plan costs for one period: `plan` in the product's own word, `cents` in its currency; `paid` is False where the payment was declined."""

    plan: str
    cents: int
    paid: bool


@dataclass(frozen=True)
class Bill:
    """The billing page: `plan` in the product's own word; `card` as much of the card's number as is shown, None where there is no card."""

    plan: str
    standing: Standing
    charges: tuple[Charge, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    card: str | None = None


@dataclass(frozen=True)
class Sold:
    """What a plan is sold as: its price in cents for one period, and its limits in items, or bytes for storage; None for what the product does not limit."""

    cents: int
    projects: int | None
    seats: int | None = None
    storage: int | None = None


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


class PriceList(Protocol):
    """The product says what it sells and for how much, and writes an invoice for each payment for a plan (`Bill.invoices`)."""

    def sold(self, plan: str) -> Sold:
        """Return what a plan is offered as: as the page that offers it shows it, else as documented."""

    def project_cents(self, tier: str) -> int:
        """Return what a project of a tier costs once it is ready, as offered; 0 where it is free."""


class PlanCancellation(Protocol):
    """A plan can be cancelled: it lasts to the end of the period that is paid for, and then gives way to the smallest."""

    def cancel_plan(self) -> None:
        """Let the plan end with its period. Choosing it again (`Billing.change_plan`) takes that back."""


class BillAddress(Protocol):
    """The bill of a workspace has an address, which somebody else may come to know."""

    def bill_of(self, workspace: str) -> Bill:
        """Return the bill of any workspace, by its id.

        Raises:
            Refused: NOT_FOUND or FORBIDDEN, for another tenant's.
        """


class AllOfBilling(Billing, PaidProjects, PriceList, PlanCancellation, BillAddress, Protocol):
    """All of it."""
