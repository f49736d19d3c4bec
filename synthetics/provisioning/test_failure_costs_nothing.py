"""Nobody pays for what was not made."""

from flows import provisioning, quota
from flows.contract.billing import PaidProjects
from flows.contract.projects import Failing, Projects, State
from flows.contract.quotas import Quotas
from flows.scenario import scenario
from flows.site import Customer


@scenario(
    "provisioning.failure-costs-nothing",
    owner="billing",
    risk="provisioning-wrong",
    severity="error",
    failure="integrity",
    needs=(Projects, Failing, Quotas),
)
def test_a_failed_creation_returns_quota_name_and_charge(customer: Customer) -> None:
    """A failed creation returns its place in the quota, its name and its charge."""
    name = customer.site.project_name()
    before = quota.settled_usage(customer).projects.used
    asked = provisioning.request(customer, customer.projects.failing(), name=name)
    provisioning.await_state(customer, asked, State.FAILED, never=frozenset({State.ACTIVE, State.DELETED}))

    quota.await_projects_used(customer, before)
    if customer.offers(PaidProjects):
        charges = [charge for charge in customer.billing.billing().charges if charge.project_id == asked.id]
        assert all(charge.state == "void" for charge in charges), f"the failed project is charged: {charges}"
    again = provisioning.create(customer, name=name)

    assert again.name == asked.name
    quota.await_projects_used(customer, before + 1)
