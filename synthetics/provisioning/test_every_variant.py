"""Whatever is offered can be had."""

from flows import lifecycle, provisioning
from flows.contract.documents import Documents
from flows.contract.lifecycle import Action
from flows.contract.projects import Catalogue, Projects
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "provisioning.every-variant",
    owner="platform",
    risk="provisioning-wrong",
    severity="error",
    failure="availability",
    needs=(Projects, Catalogue, Action.DELETE),
    deadline=240,
)
def test_every_template_tier_and_region_can_be_had(customer: Customer) -> None:
    """Every template, tier and region on offer gives a project that is made of it and can be used."""
    variants = customer.projects.variants()
    assert variants, "the catalogue offers nothing"

    for variant in variants:
        with step(f"try {variant}"):
            project = provisioning.create(customer, variant)
            assert project.variant == variant, f"asked for {variant}, got {project.variant}"
            if customer.offers(Documents):
                provisioning.use(customer, project)
            lifecycle.delete(customer, project)
