"""What is paid for is given."""

from flows import provisioning, quota
from flows.contract.projects import Projects, State
from flows.contract.quotas import Quotas
from flows.scenario import scenario
from flows.site import Customer


@scenario("quota.last-allowed", owner="billing", risk="quota-wrongly-refused", severity="error", failure="availability", needs=(Projects, Quotas))
def test_the_last_allowed_project_can_be_made(customer: Customer) -> None:
    """The last project that the plan allows can be made, and counts."""
    limit = quota.limit_of(customer.quotas.usage().projects, "projects")
    quota.fill_plan(customer, leaving=1)

    last = provisioning.create(customer)

    assert last.state is State.ACTIVE
    usage = customer.quotas.usage().projects
    assert (usage.used, usage.limit) == (limit, limit), f"a full plan of {limit} shows {usage}"
