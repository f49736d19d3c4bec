"""What is paid for is given."""

from flows import provisioning, quota
from flows.contract.projects import Projects, State
from flows.contract.quotas import Quotas
from flows.scenario import scenario
from flows.site import Customer
from flows.waiting import settled


@scenario("quota.last-allowed", owner="billing", risk="quota-wrongly-refused", severity="error", failure="availability", needs=(Projects, Quotas))
def test_the_last_allowed_project_can_be_made(customer: Customer) -> None:
    """The last project that the plan allows can be made, and counts."""
    quota.fill_plan(customer, leaving=1)
    limit = quota.limit_of(customer.quotas.usage().projects, "projects")

    last = provisioning.create(customer)

    assert last.state is State.ACTIVE
    usage = settled(
        lambda: customer.quotas.usage().projects, when=lambda seen: seen.used >= limit, within=customer.site.budget("agreement"), of="projects used"
    )
    assert (usage.used, usage.limit) == (limit, limit), f"a full plan of {limit} shows {usage}"
