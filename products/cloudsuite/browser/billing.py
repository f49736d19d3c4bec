"""Billing by page."""

from __future__ import annotations

import re

from flows.blame import ProductFault
from flows.contract.billing import Bill, Card, Charge, Invoice, Sold, Standing
from products.cloudsuite import rules
from products.cloudsuite.api.billing import CARDS, PAID_TIER, PLANS
from products.cloudsuite.browser.quotas import FIGURE, about, size
from products.cloudsuite.browser.window import Window
from products.pages import Shown

PROJECT = re.compile(r"[\w-]+")
AMOUNT = re.compile(r"\$([0-9]+)\.([0-9]{2})")
LIMIT = re.compile(r"([0-9]+) (projects|seats)")
CARD = re.compile(r"Card ending in ([0-9]{4})|No card yet\.")
STORAGE = re.compile(rf"{FIGURE} of storage")
PLAN = re.compile(r"(\w+) plan")


class BrowserBilling:
    """Fulfils `flows.contract.billing`."""

    def __init__(self, window: Window) -> None:
        self.window = window

    def billing(self) -> Bill:
        """Read the billing page."""
        return self.bill_of(self.window.place())

    def bill_of(self, workspace: str) -> Bill:
        """Read the billing page of any workspace."""
        window = self.window
        window.visit(f"/w/{workspace}/billing")
        word = window.told(window.one("billing-status"), "status")
        try:
            standing = Standing(word)
        except ValueError as cause:
            msg = f"the page {window.here()} shows a billing status '{word}' that nobody knows"
            raise ProductFault(msg) from cause
        shown = window.one("card").text
        if not (card := CARD.fullmatch(shown)):
            msg = f"the page {window.here()} says of the card {shown!r}, which tells neither its digits nor that there is none"
            raise ProductFault(msg)
        return Bill(
            plan=window.told(window.one("plan"), "plan"),
            standing=standing,
            charges=tuple(self._charge(each) for each in window.marked("charge-row")),
            invoices=tuple(self._invoice(each) for each in window.marked("invoice-row")),
            card=card[1],
        )

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

    def sold(self, plan: str) -> Sold:
        """Read the card of the plan; of the storage it shows a rounded figure, which is taken for the documented one where they agree."""
        window = self._open()
        card = window.page.locator(f'[data-testid="plan-card"][data-plan="{plan}"]')
        shown = window.only(window.seen(card, what="the plans"), f"plan {plan}").text
        limits = {what: int(count) for count, what in LIMIT.findall(shown)}
        price = AMOUNT.search(shown)
        if limits.keys() != {"projects", "seats"} or not (price or "Free" in shown):
            msg = f"the page {window.here()} offers the plan '{plan}' as {shown!r}, without price or limits"
            raise ProductFault(msg)
        storage = STORAGE.search(shown)
        if not storage:
            msg = f"the page {window.here()} offers the plan '{plan}' as {shown!r}, without its storage"
            raise ProductFault(msg)
        documented = rules.PLANS[plan].storage
        same = documented is not None and about(documented, *storage.groups())
        cents = int(price[1] + price[2]) if price else 0
        return Sold(cents=cents, projects=limits["projects"], seats=limits["seats"], storage=documented if same else size(*storage.groups()))

    def project_cents(self, tier: str) -> int:
        """Read the choice of the form of a new project."""
        window = self.window
        window.visit(f"/w/{window.place()}/projects/new")
        shown = window.choices("Tier").get(tier, "nothing")
        if price := AMOUNT.search(shown):
            return int(price[1] + price[2])
        if "free" in shown:
            return 0
        msg = f"the page {window.here()} offers the tier '{tier}' as {shown!r}, without a price"
        raise ProductFault(msg)

    def cancel_plan(self) -> None:
        """Press the button."""
        self._open().send("Cancel plan")

    def _open(self) -> Window:
        self.window.visit(f"/w/{self.window.place()}/billing")
        return self.window

    def _charge(self, of: Shown) -> Charge:
        project = PROJECT.fullmatch(self.window.cell(of, "For"))
        return Charge(project_id=project[0] if project else None, cents=self._cents(of), state=self.window.told(of, "state", "State"))

    def _invoice(self, of: Shown) -> Invoice:
        plan = PLAN.fullmatch(self.window.cell(of, "For"))
        return Invoice(plan=plan[1] if plan else "", cents=self._cents(of), paid=self.window.told(of, "state", "State") == "paid")

    def _cents(self, of: Shown) -> int:
        amount = self.window.cell(of, "Amount")
        if not (said := AMOUNT.fullmatch(amount)):
            msg = f"the page {self.window.here()} charges {amount!r}, which is no amount"
            raise ProductFault(msg)
        return int(said[1] + said[2])
