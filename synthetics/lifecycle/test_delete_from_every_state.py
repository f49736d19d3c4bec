"""Nothing that cannot be got rid of."""

from flows import lifecycle, provisioning, quota
from flows.contract.lifecycle import Action
from flows.contract.projects import Failing, Projects, Slow, State
from flows.contract.quotas import Quotas
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "lifecycle.delete-from-every-state",
    owner="platform",
    risk="lifecycle-corrupt",
    severity="error",
    failure="availability",
    needs=(Projects, Action.DELETE),
    deadline=180,
)
def test_a_project_can_be_deleted_from_every_state(customer: Customer) -> None:
    """A project can be deleted from every state, the failed one included, and then counts no more."""
    before = quota.settled_usage(customer).projects.used if customer.offers(Quotas) else None
    there = {project.id for project in customer.projects.projects()}
    for action in (None, *filter(customer.can, (Action.ARCHIVE, Action.SUSPEND))):
        with step(f"delete a project after '{action}'" if action else "delete an active project"):
            project = provisioning.create(customer)
            if action:
                lifecycle.perform(customer, project, action)
            lifecycle.delete(customer, project)
    if customer.offers(Failing):
        with step("delete a project that failed"):
            failed = provisioning.request(customer, customer.projects.failing())
            provisioning.await_state(customer, failed, State.FAILED)
            lifecycle.delete(customer, failed)
    if customer.offers(Slow) and customer.can(Action.CANCEL):
        with step("delete a project that was cancelled"):
            cancelled = provisioning.request(customer, customer.projects.slow())
            lifecycle.delete(customer, lifecycle.perform(customer, cancelled, Action.CANCEL))
    if customer.offers(Slow):
        with step("delete a project that is being made"):
            lifecycle.delete(customer, provisioning.request(customer, customer.projects.slow()))

    if before is not None:
        quota.await_projects_used(customer, before)
    assert {project.id for project in customer.projects.projects()} == there, "a deleted project is still listed"
