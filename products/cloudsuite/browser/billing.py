"""Billing by page."""

from __future__ import annotations

import re

from flows.blame import ProductFault
from flows.contract.billing import Bill, Card, Charge, Standing
from products.cloudsuite.api.billing import CARDS, PAID_TIER, PLANS
from products.cloudsuite.browser.window import Window
from products.pages import Shown

PROJECT = re.compile(r"[\w-]+")
AMOUNT = re.compile(r"\$([0-9]+)\.([0-9]{2})")


class BrowserBilling:
    """Fulfils `flows.contract.billing`."""

    def __init__(self, window: Window) -> None:
        self.window = window

    def billing(self) -> Bill:
        """Read the billing page."""
        window = self._open()
        word = window.datum(window.one("billing-status"), "status")
        try:
            standing = Standing(word)
        except ValueError as cause:
            msg = f"the page {window.here()} shows a billing status '{word}' that nobody knows"
            raise ProductFault(msg) from cause
        return Bill(plan=window.datum(window.one("plan"), "plan"), standing=standing, charges=tuple(self._charge(each) for each in window.marked("charge-row")))

    def use_card(self, card: Card) -> None:
        """Fill in its number."""
        window = self._open()
        window.fill("Card number", CARDS[card])
        window.send("Save card")

    def change_plan(self, plan: str) -> None:
        """Press the button of the plan; there is none on the one that is in use."""
        window = self._open()
        card = window.page.locator(f'[data-testid="plan-card"][data-plan="{plan}"]')
        for button in (f"Choose {plan.capitalize()}", "Keep this plan"):
            if window.shows(window.button(button, card)):
                window.send(button, within=card)
                return
        if window.datum(window.one("plan"), "plan") != plan:
            msg = f"the page {window.here()} offers no way to the plan '{plan}'"
            raise ProductFault(msg)

    def upgrade_path(self) -> list[str]:
        """Return the plans that are documented."""
        return PLANS

    def pay(self) -> None:
        """Press the button that is there while something is due."""
        window = self._open()
        window.send("Pay now")

    def paid_variant_tier(self) -> str:
        """Return the tier that costs money."""
        return PAID_TIER

    def _open(self) -> Window:
        self.window.visit(f"/w/{self.window.place()}/billing")
        return self.window

    def _charge(self, of: Shown) -> Charge:
        amount = self.window.cell(of, "Amount")
        if not (said := AMOUNT.fullmatch(amount)):
            msg = f"the page {self.window.here()} charges {amount!r}, which is no amount"
            raise ProductFault(msg)
        project = PROJECT.fullmatch(self.window.cell(of, "For"))
        return Charge(project_id=project[0] if project else None, cents=int(said[1] + said[2]), state=self.window.datum(of, "state"))
