"""Billing by API."""

from __future__ import annotations

from typing import Any

from flows.contract.billing import Bill, Card, Charge, Invoice, Sold, Standing
from products.cloudsuite import rules
from products.cloudsuite.api.session import Session
from products.http import documented

CARDS = {Card.PAYS: "4242424242424242", Card.DECLINED: "4000000000000002", Card.FAILS_RENEWAL: "4000000000000341"}
PLANS = list(rules.PLANS)
PAID_TIER = "standard"


class ApiBilling:
    """Fulfils `flows.contract.billing`."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def _call(self, method: str, path: str, doing: str, **options: Any) -> Any:
        return self.session.call(method, f"/api/v1/workspaces/{self.session.place()}/billing{path}", 200, 202, 204, doing=doing, **options)

    def billing(self) -> Bill:
        """Read the bill."""
        return self.bill_of(self.session.place())

    def bill_of(self, workspace: str) -> Bill:
        """Read the bill of any workspace."""
        answer = self.session.call("GET", f"/api/v1/workspaces/{workspace}/billing", 200, doing="read the bill")
        raw = answer.record("plan", "status", "charges", "invoices", "card_last4")
        with documented(answer):
            charges = tuple(Charge(project_id=each.get("project_id"), cents=each["amount_cents"], state=each["state"]) for each in raw["charges"])
            invoices = tuple(Invoice(plan=each["plan"], cents=each["amount_cents"], paid=each["state"] == "paid") for each in raw["invoices"])
            return Bill(plan=raw["plan"], standing=Standing(raw["status"]), charges=charges, invoices=invoices, card=raw["card_last4"])

    def use_card(self, card: Card) -> None:
        """Store a test card."""
        self._call("PUT", "/card", "store a card", json={"number": CARDS[card]})

    def change_plan(self, plan: str) -> None:
        """Change the plan."""
        self._call("POST", "/plan", f"change the plan to {plan}", json={"plan": plan})

    def upgrade_path(self) -> list[str]:
        """Return the plans that are documented."""
        return PLANS

    def pay(self) -> None:
        """Pay what is due."""
        self._call("POST", "/pay", "pay what is due")

    def paid_variant_tier(self) -> str:
        """Return the tier that costs money."""
        return PAID_TIER

    def sold(self, plan: str) -> Sold:
        """Return what is documented: programs are shown no prices."""
        return rules.PLANS[plan]

    def project_cents(self, tier: str) -> int:
        """Return what is documented."""
        return rules.TIERS[tier]

    def cancel_plan(self) -> None:
        """Cancel it."""
        self._call("POST", "/cancel", "cancel the plan")
