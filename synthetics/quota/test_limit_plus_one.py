"""The number of projects that a plan sells is the number that it gives."""

from flows import lifecycle, provisioning, quota
from flows.contract.lifecycle import Action
from flows.contract.projects import Failing, Projects
from flows.contract.quotas import QuotaCodes, Quotas
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer


@scenario("quota.limit-plus-one", owner="billing", risk="quota-bypassed", severity="critical", failure="integrity", needs=(Projects, Quotas, Action.DELETE))
def test_a_full_plan_refuses_one_more_until_room_is_made(customer: Customer) -> None:
    """A full plan refuses one more project, new, retried or restored, and creates nothing; it yields once one is deleted."""
    failed = provisioning.failed(customer) if customer.offers_all(Failing, Action.RETRY) else None
    projects = [each for each in quota.fill_plan(customer) if failed is None or each.id != failed.id]
    full = quota.settled_usage(customer)
    assert full.projects.used == len(projects), f"{len(projects)} projects are there, and {full.projects.used} count as used"

    with refused(Reason.QUOTA, doing=f"asking for project {len(projects) + 1} on a plan of {full.projects.limit}"):
        provisioning.request(customer)

    if failed:
        with refused(Reason.QUOTA, doing="retrying a failed project on a plan that is full") as retry:
            customer.lifecycle.perform(failed.id, Action.RETRY)
        if customer.offers(QuotaCodes):
            told = (retry.dimension, retry.limit, retry.usage)
            assert told == ("projects", full.projects.limit, full.projects.limit), f"retrying into a full plan is refused as {retry.value}"
    listed = {each.id for each in customer.projects.projects()} - ({failed.id} if failed else set())
    assert listed == {each.id for each in projects}, "a refused request changed the list of projects"
    assert customer.quotas.usage() == full, f"usage was {full} before a refused request, and is {customer.quotas.usage()} after it"
    lifecycle.delete(customer, projects[0])
    provisioning.create(customer)
    if customer.offers(Action.RESTORE):
        with refused(Reason.QUOTA, doing="restoring a deleted project into a plan that is full again") as refusal:
            customer.lifecycle.perform(projects[0].id, Action.RESTORE)
        if customer.offers(QuotaCodes):
            named, limit = (refusal.dimension, refusal.limit, refusal.usage), full.projects.limit
            assert named == ("projects", limit, limit), f"restoring into a full plan is refused as {refusal.value}"
