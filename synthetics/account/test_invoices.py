"""Paid for once."""

from flows import plans
from flows.contract.accounts import Newcomers
from flows.contract.billing import Billing, Card, Invoice, PriceList, Standing
from flows.contract.operator import BillingCalendar
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step
from flows.waiting import settled


@scenario(
    "account.invoices",
    owner="billing",
    risk="wrong-bill",
    severity="critical",
    failure="integrity",
    needs=(Newcomers, Billing, PriceList, BillingCalendar),
)
def test_a_plan_is_paid_for_once_a_period_at_its_price(customer: Customer) -> None:
    """A plan is paid for once for each period, at the price it is offered for; a declined payment takes nothing, and nothing is taken where nothing is owed."""
    _, plan = plans.next_plan(customer)
    price = customer.billing.sold(plan).cents
    assert price > 0, f"the plan '{plan}' is offered for nothing"
    with step("try to upgrade with a card that is declined"):
        customer.billing.use_card(Card.DECLINED)
        with refused(Reason.PAYMENT_DECLINED, doing="upgrading with a card that is declined"):
            customer.billing.change_plan(plan)
    await_paid(customer, [], after="an upgrade that was declined")

    with step("upgrade, and choose the same plan again"):
        customer.billing.use_card(Card.PAYS)
        customer.billing.change_plan(plan)
        customer.billing.change_plan(plan)
    once = [Invoice(plan, price, paid=True)]
    await_paid(customer, once, after="an upgrade")

    with step("let the plan renew"):
        customer.site.operator().renew(customer.workspace or "")
    await_paid(customer, once * 2, after="an upgrade and a renewal")
    bill = customer.billing.billing()
    assert (bill.plan, bill.standing) == (plan, Standing.ACTIVE), f"after a renewal that was paid, the plan '{plan}' is '{bill.plan}', and {bill.standing}"
    assert bill.card is None or len(bill.card) <= 4, "more than the last four digits of a card are shown"


def await_paid(customer: Customer, invoices: list[Invoice], *, after: str) -> None:
    """Demand that exactly these invoices are paid."""

    def paid() -> list[Invoice]:
        return [each for each in customer.billing.billing().invoices if each.paid]

    seen = settled(paid, when=lambda found: len(found) >= len(invoices), within=customer.site.budget("agreement"), of="the paid invoices")
    assert seen == invoices, f"after {after}, {plans.told(seen)} were paid, where it should be {plans.told(invoices)}"
