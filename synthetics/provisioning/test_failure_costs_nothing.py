"""Nobody pays for what was not made."""

from flows import provisioning, quota
from flows.contract.billing import PaidProjects
from flows.contract.projects import FailureRehearsal, Projects, State
from flows.contract.quotas import Quotas
from flows.scenario import scenario
from flows.site import Customer


@scenario(
    "provisioning.failure-costs-nothing",
    owner="billing",
    risk="provisioning-wrong",
    severity="error",
    failure="integrity",
    needs=(Projects, FailureRehearsal, Quotas),
)
def test_a_failed_creation_returns_quota_name_and_charge(customer: Customer) -> None:
    """A failed creation returns its place in the quota, its name and its charge."""
    name = customer.site.fresh_name()
    before = customer.quotas.usage().projects.used
    asked = provisioning.request(customer, customer.projects.failing(), name=name)
    provisioning.await_state(customer, asked, State.FAILED, never=frozenset({State.ACTIVE, State.DELETED}))

    quota.await_projects_used(customer, before)
    if PaidProjects in customer.site.driver.offers:
        charges = [charge for charge in customer.billing.billing().charges if charge.project_id == asked.id]
        assert all(charge.state == "void" for charge in charges), f"the failed project is charged: {charges}"
    again = provisioning.create(customer, name=name)

    assert again.name == name
    assert customer.quotas.usage().projects.used == before + 1
