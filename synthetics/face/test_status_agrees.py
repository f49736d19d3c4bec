"""What the operators are told, and what the customers see."""

from flows.contract.face import Health
from flows.contract.projects import Project, Projects
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step
from flows.waiting import settled


@scenario("face.status-agrees", owner="operators", risk="blind-operators", severity="error", failure="integrity", needs=(Projects, Health))
def test_health_and_status_say_what_the_journeys_see(customer: Customer, project: Project) -> None:
    """While a customer signs up and gets a project, every place that tells of the product's health says that all is well."""
    with step("ask how the product is"):
        told = settled(
            customer.face.health,
            when=lambda said: all(said.values()),
            within=customer.site.budget("agreement"),
            of="what the product says of its health",
        )

    assert told, "no place tells of the product's health"
    unwell = [part for part, well in told.items() if not well]
    assert not unwell, f"{customer.email} signed up and got {project.name}, and these say that all is not well: {', '.join(unwell)}"
