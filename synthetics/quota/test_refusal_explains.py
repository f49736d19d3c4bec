"""A refusal that helps."""

from flows import provisioning, quota
from flows.contract.projects import Projects
from flows.contract.quotas import QuotaCodes, Quotas
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer


@scenario("quota.refusal-explains", owner="billing", risk="quota-wrongly-refused", severity="warning", failure="integrity", needs=(Projects, Quotas))
def test_the_refusal_names_the_limit_and_the_way_out(customer: Customer) -> None:
    """The refusal of a full plan says so in a code and in words, names the limit, and tells the way out."""
    limit = len(quota.fill_plan(customer))

    with refused(Reason.QUOTA, doing="asking for one project too many") as refusal:
        provisioning.request(customer)

    if customer.offers(QuotaCodes):
        assert refusal.code, f"the refusal has no machine-readable code: {refusal.message}"
        assert (refusal.dimension, refusal.limit, refusal.usage) == ("projects", limit, limit), f"a full plan of {limit} projects is refused as {refusal.value}"
    assert str(limit) in refusal.message, f"the message does not name the limit of {limit}: {refusal.message!r}"
    assert refusal.remedy, f"the refusal offers no way out: {refusal.message!r}"
