"""Less, and nothing lost."""

from flows import plans, provisioning, quota
from flows.contract.accounts import Newcomers
from flows.contract.billing import Billing
from flows.contract.documents import Documents
from flows.contract.projects import Projects
from flows.contract.quotas import Quotas
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "account.downgrade",
    owner="billing",
    risk="data-lost",
    severity="critical",
    failure="integrity",
    needs=(Newcomers, Billing, Projects, Quotas, Documents),
)
def test_a_smaller_plan_keeps_everything_and_gives_no_more(customer: Customer) -> None:
    """After a change to a smaller plan, everything that is there stays and can be used; only more than the plan gives is refused."""
    small, large = plans.next_plan(customer)
    limit = customer.quotas.usage().projects.limit
    kept = quota.fill_plan(customer)
    plans.upgrade(customer, large)
    kept.append(provisioning.arranged(customer))
    document = customer.documents.write(kept[-1].id, "Kept", "on any plan")

    with step(f"change to the plan '{small}'"):
        customer.billing.change_plan(small)

    plans.await_plan(customer, small)
    plans.await_limit(customer, limit)
    missing = {each.id for each in kept} - {each.id for each in customer.projects.projects()}
    assert not missing, f"{len(missing)} of {len(kept)} projects are gone after a change to a smaller plan"
    read = customer.documents.read(kept[-1].id, document.id).body
    assert read == document.body, f"a document is {read!r} after a change to a smaller plan, and was {document.body!r}"
    provisioning.use(customer, kept[-1])
    with refused(Reason.QUOTA, doing="asking for a project more on a smaller plan that is full"):
        provisioning.request(customer)
