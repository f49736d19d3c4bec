"""Room that was given back."""

from flows import lifecycle, provisioning, quota
from flows.contract.lifecycle import Action
from flows.contract.projects import Projects
from flows.contract.quotas import Quotas
from flows.scenario import scenario
from flows.site import Customer


@scenario(
    "quota.delete-frees-slot", owner="billing", risk="quota-wrongly-refused", severity="error", failure="availability", needs=(Projects, Quotas, Action.DELETE)
)
def test_deleting_frees_the_slot(customer: Customer) -> None:
    """Deleting a project of a full plan frees its place in time, and another can be made there."""
    projects = quota.fill_plan(customer)

    lifecycle.delete(customer, projects[-1])

    quota.await_projects_used(customer, len(projects) - 1)
    provisioning.create(customer)
    quota.await_projects_used(customer, len(projects))
