"""A card that expired."""

from collections.abc import Callable

from flows import plans, provisioning
from flows.contract.accounts import Newcomers
from flows.contract.billing import Billing, Card, Standing
from flows.contract.documents import Documents
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
    operator, workspace = customer.site.operator(), customer.workspace
    assert workspace
    with step("let the next payment fail"):
        customer.billing.use_card(Card.PAYS)
        customer.billing.change_plan(plans.next_plan(customer)[1])
        customer.billing.use_card(Card.FAILS_RENEWAL)
        operator.renew(workspace)
    await_standing(customer, Standing.GRACE)
    provisioning.use(customer, project)

    with step("let the grace end"):
        operator.end_grace(workspace)
    await_standing(customer, Standing.SUSPENDED)
    acts: dict[str, Callable[[], object]] = {
        "writing": lambda: customer.documents.write(project.id, "Unpaid", "x"),
        "changing a document": lambda: customer.documents.update(project.id, document, "unpaid"),
        "asking for a project": lambda: provisioning.request(customer),
    }
    for doing, act in acts.items():
        with refused(Reason.SUSPENDED, doing=f"{doing} in a workspace that has not paid"):
            act()
    assert customer.documents.read(project.id, document.id).body == document.body, "the data changed during the suspension"

    with step("pay"):
        customer.billing.use_card(Card.PAYS)
        customer.billing.pay()
    await_standing(customer, Standing.ACTIVE)
    provisioning.use(customer, project)


def await_standing(customer: Customer, standing: Standing) -> None:
    """Wait until the workspace stands so with its bills."""
    with step(f"wait until billing is {standing}"):
        eventually(customer.billing.billing, reaches=standing, within=customer.site.budget("agreement"), of="billing", state=lambda bill: bill.standing)
