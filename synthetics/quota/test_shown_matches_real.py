"""Numbers that a customer can rely on."""

from flows import provisioning, quota
from flows.contract.documents import Documents
from flows.contract.projects import Projects
from flows.contract.quotas import Quotas, StorageQuota
from flows.scenario import scenario
from flows.site import Customer

BODY = "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich.\n"


@scenario("quota.shown-matches-real", owner="billing", risk="quota-wrongly-refused", severity="error", failure="integrity", needs=(Projects, Quotas))
def test_shown_usage_matches_the_real_count(customer: Customer) -> None:
    """The usage that is shown matches what is really there, before and after something is made."""
    before = customer.quotas.usage()
    assert before.projects.used == len(customer.projects.projects()), (
        f"{before.projects.used} projects shown as used, {len(customer.projects.projects())} listed"
    )

    project = provisioning.create(customer)

    usage = quota.await_projects_used(customer, before.projects.used + 1)
    assert usage.projects.used == len(customer.projects.projects())
    if {StorageQuota, Documents} <= set(customer.site.driver.offers):
        customer.documents.write(project.id, "Counted", BODY)
        stored, held = customer.quotas.usage().storage, usage.storage
        assert stored is not None
        assert held is not None
        grown = stored.used - held.used
        assert grown == len(BODY.encode()), f"a document of {len(BODY.encode())} bytes grew the shown storage by {grown}"
