"""Leaving when it is due."""

from flows import plans, provisioning, quota, signup
from flows.contract.accounts import Newcomers
from flows.contract.billing import Bill, Billing, PlanCancellation, Standing
from flows.contract.documents import Documents
from flows.contract.operator import BillingCalendar
from flows.contract.projects import Projects
from flows.contract.quotas import Quotas
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "account.cancel-plan",
    owner="billing",
    risk="paid-not-served",
    severity="error",
    failure="integrity",
    needs=(Newcomers, Billing, PlanCancellation, BillingCalendar, Projects, Quotas, Documents),
)
def test_a_cancelled_plan_lasts_to_the_end_of_its_period(customer: Customer) -> None:
    """A cancelled plan lasts to the end of the period that is paid for, and can be kept till then; after it nothing more is paid, and nothing is lost.

    What another workspace pays for, and whether it is cancelled, is its own affair.
    """
    small, large = plans.next_plan(customer)
    limit = customer.quotas.usage().projects.limit
    plans.upgrade(customer, large)
    larger = customer.quotas.usage().projects.limit
    neighbour = signup.newcomer(customer.site)
    plans.upgrade(neighbour, large)
    theirs = neighbour.billing.billing()

    cancel(customer, large)
    require_unmoved(neighbour, theirs, since="cancelled its plan")
    cancel(neighbour, large)
    theirs = neighbour.billing.billing()
    with step("take it back"):
        customer.billing.change_plan(large)
    plans.await_plan(customer, large, Standing.ACTIVE)
    require_unmoved(neighbour, theirs, since="took back that its plan is cancelled")
    with step("let the period end"):
        customer.site.operator().end_period(customer.workspace or "")
    plans.await_plan(customer, large, Standing.ACTIVE)

    cancel(customer, large)
    seen = customer.quotas.usage().projects.limit
    assert seen == larger, f"a plan of {larger} projects that is paid for to the end of its period gives {seen} as soon as it is cancelled"
    quota.require_room(customer, 1)
    project = provisioning.arranged(customer)
    document = customer.documents.write(project.id, "Kept", "after the plan")
    paid = [each for each in customer.billing.billing().invoices if each.paid]
    with step("let the period end"):
        customer.site.operator().end_period(customer.workspace or "")

    plans.await_plan(customer, small, Standing.ACTIVE)
    plans.await_limit(customer, limit)
    read = customer.documents.read(project.id, document.id).body
    assert read == document.body, f"a document is {read!r} after the plan ended, and was {document.body!r}"
    now = [each for each in customer.billing.billing().invoices if each.paid]
    assert now == paid, f"a cancelled plan was paid for once more: {plans.told(now)}, where it was {plans.told(paid)} before"
    require_unmoved(neighbour, theirs, since="cancelled its plan")


def require_unmoved(neighbour: Customer, bill: Bill, *, since: str) -> None:
    """Demand that the bill of another workspace is what it was."""
    kept = neighbour.billing.billing()
    assert kept == bill, f"one workspace {since}, and the bill of another became {kept}; it was {bill}"


def cancel(customer: Customer, plan: str) -> None:
    """Cancel the plan, and see that it lasts."""
    with step("cancel the plan"):
        customer.billing.cancel_plan()
    plans.await_plan(customer, plan, Standing.CANCELLING)
