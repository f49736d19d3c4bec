"""Numbers that a customer can rely on."""

from flows import provisioning, quota
from flows.contract.documents import Documents
from flows.contract.projects import Projects
from flows.contract.quotas import Quotas, StorageQuota
from flows.scenario import scenario
from flows.site import Customer
from flows.waiting import settled

BODY = "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich.\n"


@scenario("quota.shown-matches-real", owner="billing", risk="quota-wrongly-refused", severity="error", failure="integrity", needs=(Projects, Quotas))
def test_shown_usage_matches_the_real_count(customer: Customer) -> None:
    """The usage that is shown matches what is really there, before and after something is made."""
    before = quota.settled_usage(customer)
    assert before.projects.used == len(customer.projects.projects()), (
        f"{before.projects.used} projects shown as used, {len(customer.projects.projects())} listed"
    )

    project = provisioning.create(customer)

    usage = quota.await_projects_used(customer, before.projects.used + 1)
    assert usage.projects.used == len(quota.await_listed(customer, {project.id}))
    if customer.offers_all(StorageQuota, Documents):
        held = stored(customer)
        customer.documents.write(project.id, "Counted", BODY)
        size = len(BODY.encode())
        grown = settled(lambda: stored(customer) - held, when=lambda seen: seen >= size, within=customer.site.budget("agreement"), of="stored bytes")
        assert grown == size, f"a document of {size} bytes grew the shown storage by {grown}"


def stored(customer: Customer) -> int:
    """Return how many bytes count as stored."""
    meter = customer.quotas.usage().storage
    assert meter is not None, "the product limits storage, and does not show how much of it is used"
    return meter.used
