"""What is paid for is served."""

from flows import plans, provisioning, quota, signup
from flows.contract.accounts import Newcomers, Sessions
from flows.contract.billing import Billing, Card, PriceList
from flows.contract.projects import Projects
from flows.contract.quotas import Quotas
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step
from flows.waiting import eventually, settled


@scenario(
    "account.upgrade",
    owner="billing",
    risk="paid-not-served",
    severity="critical",
    failure="availability",
    needs=(Newcomers, Billing, Projects, Quotas),
)
def test_an_upgrade_takes_effect_on_page_and_api(customer: Customer) -> None:
    """An upgrade takes effect within seconds, on page and API: the limits that are sold are shown and work; a declined card changes nothing.

    Nobody else's plan becomes another.
    """
    neighbour = signup.newcomer(customer.site)
    theirs = neighbour.billing.billing()
    full = len(quota.fill_plan(customer))
    small, large = plans.next_plan(customer)
    with step("upgrade with a card that is declined"):
        customer.billing.use_card(Card.DECLINED)
        with refused(Reason.PAYMENT_DECLINED, doing="upgrading with a card that is declined"):
            customer.billing.change_plan(large)
        assert customer.billing.billing().plan == small, "a declined payment changed the plan"

    with step("upgrade with a card that pays"):
        customer.billing.use_card(Card.PAYS)
        customer.billing.change_plan(large)

    programmatic = customer.site.as_prepared(customer.identity, Sessions, Billing, Quotas)
    signup.log_in(programmatic)
    for who in (customer, programmatic):
        eventually(
            who.quotas.usage,
            reaches="larger",
            within=customer.site.budget("agreement"),
            of="the limit of projects",
            state=lambda usage: "larger" if (usage.projects.limit or full + 1) > full else f"{usage.projects.limit}",
        )
        bill = settled(who.billing.billing, when=lambda seen: seen.plan == large, within=customer.site.budget("agreement"), of="the plan")
        assert bill.plan == large
    now = neighbour.billing.billing()
    assert now == theirs, f"one workspace was upgraded, and the bill of another became {now}; it was {theirs}"
    provisioning.create(customer)
    if customer.offers(PriceList):
        sold, usage = customer.billing.sold(large), customer.quotas.usage()
        for what in ("projects", "seats", "storage"):
            promised, meter = getattr(sold, what), getattr(usage, what)
            assert meter is None or meter.limit == promised, f"the plan '{large}' is sold with {promised} {what}, and gives {meter.limit}"
