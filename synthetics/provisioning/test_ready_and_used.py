"""Ready means that it can be used."""

from flows import provisioning
from flows.contract.documents import Documents
from flows.contract.projects import Projects, State
from flows.scenario import scenario
from flows.site import Customer


@scenario("provisioning.ready-and-used", owner="platform", risk="provisioning-stuck", severity="critical", failure="availability", needs=(Projects,))
def test_a_project_becomes_ready_in_time_and_can_be_used(customer: Customer) -> None:
    """A new project becomes ready within its budget, and what is written into it can be read back."""
    asked = provisioning.request(customer)

    ready = provisioning.reach(
        provisioning.sight(customer, asked),
        reaches=frozenset({State.ACTIVE}),
        never=provisioning.ENDED,
        within=customer.site.budget("provisioning").strictly(),
        of=f"project {asked.name}",
    )

    assert ready.name == asked.name
    if customer.offers(Documents):
        provisioning.use(customer, ready)
