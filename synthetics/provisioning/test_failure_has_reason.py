"""When it cannot be made."""

from flows import provisioning
from flows.contract.documents import Documents
from flows.contract.projects import Failing, Projects, State
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer


@scenario("provisioning.failure-has-reason", owner="platform", risk="provisioning-stuck", severity="error", failure="availability", needs=(Projects, Failing))
def test_a_failed_creation_ends_in_a_reasoned_error_state(customer: Customer) -> None:
    """A project that cannot be made ends in a failed state with a reason, not in an endless wait, and nothing is kept in it."""
    asked = provisioning.request(customer, customer.projects.failing())

    failed = provisioning.await_state(customer, asked, State.FAILED, never=frozenset({State.ACTIVE, State.DELETED}))

    assert (failed.reason or "").strip(), f"project {failed.name} failed without a reason"
    if customer.offers(Documents):
        with refused(Reason.ILLEGAL_TRANSITION, Reason.READ_ONLY, doing="writing a document into a project that failed"):
            customer.documents.write(failed.id, customer.site.fresh_name(), "lost")
