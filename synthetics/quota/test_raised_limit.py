"""More room works at once."""

from flows import provisioning, quota
from flows.contract.operator import Limits
from flows.contract.projects import Projects
from flows.contract.quotas import Quotas
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step
from flows.waiting import eventually


@scenario("quota.raised-limit", owner="billing", risk="paid-not-served", severity="error", failure="availability", needs=(Projects, Quotas, Limits))
def test_a_raised_limit_works_within_seconds(customer: Customer) -> None:
    """A limit that the operator raises is shown and works within seconds, and only as far as it was raised."""
    full = len(quota.fill_plan(customer))
    assert customer.workspace
    with step("raise the limit by one"):
        customer.site.operator().set_limits(customer.workspace, projects=full + 1)

    eventually(
        customer.quotas.usage, reaches=full + 1, within=customer.site.budget("agreement"), of="the limit of projects", state=lambda usage: usage.projects.limit
    )
    provisioning.create(customer)

    with refused(Reason.QUOTA, doing="asking for one more than the raised limit"):
        provisioning.request(customer)
