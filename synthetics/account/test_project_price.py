"""What a project costs."""

from dataclasses import replace

from flows import lifecycle, plans, provisioning
from flows.contract.billing import Billing, PaidProjects, PriceList
from flows.contract.lifecycle import Action
from flows.contract.projects import FailingOnce, Project, Projects, Slow, State
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "account.project-price",
    owner="billing",
    risk="wrong-bill",
    severity="error",
    failure="integrity",
    needs=(Projects, Billing, PaidProjects, PriceList, FailingOnce, Slow, Action.RETRY, Action.DELETE, Action.CANCEL),
)
def test_a_project_is_paid_for_once_when_it_is_ready(customer: Customer) -> None:
    """A project is paid for once, at its price, when it is ready, tried again or not; one free, cancelled, or deleted before it is ready costs nothing."""
    tier = customer.billing.paid_variant_tier()
    price = customer.billing.project_cents(tier)
    assert price > 0, f"the tier '{tier}' is offered for nothing"

    failing = provisioning.request(customer, replace(customer.projects.failing_once(), tier=tier))
    provisioning.await_state(customer, failing, State.FAILED, never=frozenset({State.DELETED}))
    with step("retry"):
        customer.lifecycle.perform(failing.id, Action.RETRY)
    provisioning.await_state(customer, failing, State.ACTIVE, never=provisioning.ENDED - {State.FAILED})
    plans.await_charged(customer, failing, [price], which="that failed at first and is ready now")

    for action in (Action.CANCEL, Action.DELETE):
        asked = provisioning.request(customer, replace(customer.projects.slow(), tier=tier))
        give_up(customer, asked, action)
        plans.await_charged(customer, asked, [], which=f"of which '{action}' was asked before it was ready")

    lifecycle.delete(customer, failing)
    plain = provisioning.create(customer)
    due = customer.billing.project_cents(plain.variant.tier or "")
    plans.await_charged(customer, plain, [due] if due else [], which=f"offered for {plans.money(due)}")
    paid = provisioning.create(customer, replace(plain.variant, tier=tier))
    plans.await_charged(customer, paid, [price], which="that was ready at first")
    plans.await_charged(customer, failing, [price], which="that was ready, and then deleted")


def give_up(customer: Customer, project: Project, action: Action) -> None:
    """Cancel or delete a project on its way."""
    if action is Action.DELETE:
        lifecycle.delete(customer, project)
    else:
        lifecycle.perform(customer, project, action)
