"""Many hands on the last place."""

from flows import quota
from flows.contract.driver import Surface
from flows.contract.projects import Projects
from flows.contract.quotas import Quotas
from flows.refusal import Reason
from flows.scenario import scenario
from flows.site import Customer

RIVALS = {Surface.API: 8, Surface.BROWSER: 4}


@scenario("quota.last-slot-race", owner="billing", risk="quota-bypassed", severity="critical", failure="integrity", needs=(Projects, Quotas))
def test_of_many_at_once_exactly_one_gets_the_last_slot(customer: Customer) -> None:
    """Of many requests at once for the last place, exactly one succeeds, and the others are refused for the quota."""
    before = {project.id for project in quota.fill_plan(customer, leaving=1)}
    limit = quota.limit_of(customer.quotas.usage().projects, "projects")

    rivals = RIVALS[customer.site.driver.surface]
    promised, refusals = quota.race(customer, rivals)

    assert len(promised) == 1, f"{len(promised)} of {rivals} requests at once got the one place that was left"
    assert {refusal.reason for refusal in refusals} == {Reason.QUOTA}, f"the others were {sorted(map(str, refusals))}"
    listed = len(quota.await_listed(customer, before | {project.id for project in promised}))
    used = quota.settled_usage(customer).projects.used
    assert (listed, used) == (limit, limit), f"after the race {listed} projects are listed and {used} count as used; the limit is {limit}"
