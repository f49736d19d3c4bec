"""Whatever is offered can be had."""

from flows import lifecycle, provisioning
from flows.contract.documents import Documents
from flows.contract.lifecycle import Action, Renaming
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
    """Every template, tier and region on offer gives a project that is made of it, can be used, and stays what it is under another name."""
    variants = customer.projects.variants()
    assert variants, "the catalogue offers nothing"

    for variant in variants:
        with step(f"try {variant}"):
            project = provisioning.create(customer, variant)
            assert project.variant == variant, f"asked for {variant}, got {project.variant}"
            if customer.offers(Documents):
                provisioning.use(customer, project)
            if customer.offers(Renaming):
                customer.lifecycle.rename(project.id, customer.site.project_name())
                kept = customer.projects.project(project.id).variant
                assert kept == variant, f"a project of {variant} is of {kept} once it is renamed"
            lifecycle.delete(customer, project)
