"""What was refused is not counted."""

from flows import provisioning, quota
from flows.contract.projects import Project, Projects, UniqueNames
from flows.contract.quotas import Quotas
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer


@scenario(
    "quota.invalid-consumes-nothing",
    owner="billing",
    risk="quota-wrongly-refused",
    severity="error",
    failure="integrity",
    needs=(Projects, UniqueNames, Quotas),
)
def test_an_invalid_or_duplicate_request_consumes_nothing(customer: Customer, project: Project) -> None:
    """A request that is invalid, or whose name is taken, consumes no quota and makes nothing."""
    before, there = quota.settled_usage(customer), {each.id for each in customer.projects.projects()}
    quota.require_room(customer, 1)

    with refused(Reason.TAKEN, doing="asking for a second project of the same name"):
        provisioning.request(customer, name=project.name)
    with refused(Reason.INVALID, doing="asking for a project without a name"):
        customer.projects.request("")

    assert customer.quotas.usage() == before, f"usage was {before} before two refused requests, and is {customer.quotas.usage()} after them"
    assert {each.id for each in customer.projects.projects()} == there, "a refused request left something in the list"
