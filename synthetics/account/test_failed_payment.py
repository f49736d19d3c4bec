"""A card that expired."""

from collections.abc import Callable
from contextlib import suppress

from flows import editing, lifecycle, plans, provisioning
from flows.blame import Refused
from flows.contract.accounts import Newcomers
from flows.contract.billing import Billing, Card, Standing
from flows.contract.documents import Documents, LiveEditing
from flows.contract.lifecycle import Action, Renaming
from flows.contract.operator import BillingCalendar
from flows.contract.projects import Project
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step
from flows.waiting import eventually


@scenario(
    "account.failed-payment",
    owner="billing",
    risk="paid-not-served",
    severity="critical",
    failure="integrity",
    needs=(Newcomers, Billing, Documents, BillingCalendar),
)
def test_a_failed_payment_leads_over_grace_to_suspension_and_back(customer: Customer, project: Project) -> None:
    """After a failed payment everything works through the grace, then writing stops and nothing is lost, and paying brings it all back."""
    document = customer.documents.write(project.id, "Kept", "through bad times")
    pen = editing.open_pen(customer.twin(), project, document) if customer.offers(LiveEditing) else None
    operator, workspace = customer.site.operator(), customer.workspace
    assert workspace
    with step("let the next payment fail"):
        customer.billing.use_card(Card.PAYS)
        plan = plans.next_plan(customer)[1]
        customer.billing.change_plan(plan)
        customer.billing.use_card(Card.FAILS_RENEWAL)
        operator.renew(workspace)
    await_standing(customer, Standing.GRACE)
    provisioning.use(customer, project)
    with step("choose the plan again, with a card that is declined"), suppress(Refused):
        customer.billing.use_card(Card.DECLINED)
        customer.billing.change_plan(plan)
    standing = customer.billing.billing().standing
    assert standing is Standing.GRACE, f"a workspace that owes for its plan is {standing} since the plan was chosen again, and paid nothing"

    with step("let the grace end"):
        operator.end_grace(workspace)
    await_standing(customer, Standing.SUSPENDED)
    acts: dict[str, Callable[[], object]] = {
        "writing": lambda: customer.documents.write(project.id, "Unpaid", "x"),
        "changing a document": lambda: customer.documents.update(project.id, document, "unpaid"),
        "asking for a project": lambda: provisioning.request(customer),
    }
    if customer.offers(Renaming):
        acts["renaming a project"] = lambda: customer.lifecycle.rename(project.id, customer.site.project_name())
    if customer.can(Action.ARCHIVE):
        acts["archiving a project"] = lambda: customer.lifecycle.perform(project.id, Action.ARCHIVE)
    if customer.can(Action.DELETE):
        acts["deleting a project"] = lambda: customer.lifecycle.perform(project.id, Action.DELETE)
    for doing, act in acts.items():
        with refused(Reason.SUSPENDED, doing=f"{doing} in a workspace that has not paid"):
            act()
    if pen:
        editing.await_cut_off(customer, pen)
    assert customer.documents.read(project.id, document.id).body == document.body, "the data changed during the suspension"
    assert project.id in {each.id for each in customer.projects.projects()}, "a workspace that has not paid does not list its projects any more"
    assert lifecycle.seen(customer, project) == project.state, "a workspace that has not paid does not show its project as it was any more"

    with step("try to pay with a card that is declined"):
        customer.billing.use_card(Card.DECLINED)
        with refused(Reason.PAYMENT_DECLINED, doing="paying with a card that is declined"):
            customer.billing.pay()
        assert customer.billing.billing().standing is Standing.SUSPENDED, "a payment that was declined ended the suspension"
    with step("pay"):
        customer.billing.use_card(Card.PAYS)
        customer.billing.pay()
    await_standing(customer, Standing.ACTIVE)
    provisioning.use(customer, project)


def await_standing(customer: Customer, standing: Standing) -> None:
    """Wait until the workspace stands so with its bills."""
    with step(f"wait until billing is {standing}"):
        eventually(customer.billing.billing, reaches=standing, within=customer.site.budget("agreement"), of="billing", state=lambda bill: bill.standing)
