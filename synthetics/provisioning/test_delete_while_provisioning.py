"""Changing one's mind early."""

from flows import lifecycle, provisioning, quota
from flows.contract.lifecycle import Action
from flows.contract.projects import Projects
from flows.contract.quotas import Quotas
from flows.scenario import scenario
from flows.site import Customer
from flows.waiting import holds

WATCHED = 4.0
"""Seconds for which a deleted project is watched at the least; else for as long as it would have taken to become ready."""


@scenario(
    "provisioning.delete-while-provisioning",
    owner="platform",
    risk="provisioning-wrong",
    severity="error",
    failure="integrity",
    needs=(Projects, Action.DELETE),
)
def test_a_project_deleted_on_its_way_stays_deleted(customer: Customer) -> None:
    """A project that is deleted while it is being made stays deleted, and gives back its place."""
    before = used(customer)
    asked = provisioning.request(customer)

    lifecycle.delete(customer, asked)

    if before is not None:
        quota.await_projects_used(customer, before)
    holds(
        lambda: (lifecycle.seen(customer, asked), used(customer)),
        during=max(WATCHED, customer.site.budget("provisioning").expected),
        of=f"project {asked.name}, deleted while it was being made,",
        state=lambda now: now[0] if now[1] is None else f"{now[0]} with {now[1]} projects used",
    )


def used(customer: Customer) -> int | None:
    """Return how many projects count as used, where the product counts them."""
    return customer.quotas.usage().projects.used if customer.offers(Quotas) else None
