"""A second try."""

from flows import provisioning
from flows.contract.documents import Documents
from flows.contract.lifecycle import Action
from flows.contract.projects import FailingOnce, Projects, State
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "provisioning.retry-after-failure",
    owner="platform",
    risk="provisioning-stuck",
    severity="error",
    failure="availability",
    needs=(Projects, FailingOnce, Action.RETRY),
)
def test_a_retry_from_the_error_state_succeeds(customer: Customer) -> None:
    """A project that failed once becomes ready by a retry, under the same name, and can be used."""
    asked = provisioning.request(customer, customer.projects.failing_once())
    provisioning.await_state(customer, asked, State.FAILED, never=frozenset({State.DELETED}))

    with step("retry"):
        customer.lifecycle.perform(asked.id, Action.RETRY)
    ready = provisioning.await_state(customer, asked, State.ACTIVE, never=frozenset({State.CANCELLED, State.DELETED}))

    assert ready.name == asked.name
    assert not ready.reason, f"a project that is ready after all still says why it failed: {ready.reason}"
    if customer.offers(Documents):
        provisioning.use(customer, ready)
