"""What a new customer has."""

from flows.contract.accounts import Newcomers, Sessions
from flows.contract.quotas import DocumentedBeginning, Quotas
from flows.scenario import scenario
from flows.site import Customer


@scenario(
    "signup.newborn-tenant",
    owner="growth",
    risk="wrong-beginning",
    severity="error",
    failure="integrity",
    needs=(Newcomers, Sessions, Quotas, DocumentedBeginning),
)
def test_a_new_customer_has_the_documented_role_plan_and_quota(customer: Customer) -> None:
    """A new customer has the documented role, plan and limits, and nothing used of them."""
    promised = customer.quotas.beginning()

    account, usage = customer.accounts.whoami(), customer.quotas.usage()

    assert (account.role, account.plan) == (promised.role, promised.plan), f"a new customer is {account.role} on {account.plan}, not as documented: {promised}"
    limits = [meter.limit if meter else None for meter in (usage.projects, usage.seats, usage.storage)]
    assert limits == [promised.projects, promised.seats, promised.storage], f"a new customer's limits are {limits}, not as documented: {promised}"
    assert usage.projects.used == 0, f"a new customer starts with {usage.projects.used} projects used"
    assert not usage.storage or usage.storage.used == 0, f"a new customer starts with {usage.storage} used"
    assert not usage.seats or usage.seats.used == 1, f"a new customer occupies {usage.seats} seats"
