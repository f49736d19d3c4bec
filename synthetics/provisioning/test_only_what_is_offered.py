"""What is not offered cannot be had."""

from dataclasses import fields, replace

from flows import provisioning
from flows.contract.driver import Surface
from flows.contract.projects import Catalogue, Projects, Variant
from flows.contract.quotas import Quotas
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer


@scenario(
    "provisioning.only-what-is-offered",
    owner="platform",
    risk="provisioning-wrong",
    severity="warning",
    failure="integrity",
    needs=(Projects, Catalogue),
    surfaces=(Surface.API,),
)
def test_what_is_not_on_offer_is_refused_and_makes_nothing(customer: Customer) -> None:
    """A project of a template, tier or region that nobody offers is refused, makes nothing and takes no place of the plan."""
    before, there = customer.quotas.usage() if customer.offers(Quotas) else None, {each.id for each in customer.projects.projects()}

    for unknown in unoffered(customer.projects.variants()[0]):
        with refused(Reason.INVALID, Reason.NOT_FOUND, doing=f"asking for a project of {unknown}, which is not on offer"):
            provisioning.request(customer, unknown)

    made = [each.name for each in customer.projects.projects() if each.id not in there]
    assert not made, f"a request for what is not on offer was refused, and made {', '.join(made)}"
    if before is not None:
        after = customer.quotas.usage()
        assert after == before, f"usage was {before} before requests for what is not on offer, and is {after} after them"


def unoffered(variant: Variant) -> list[Variant]:
    """Return the variant once with each of its parts unheard of."""
    parts = {each.name: getattr(variant, each.name) for each in fields(variant)}
    return [replace(variant, **{name: f"{value}-unheard-of"}) for name, value in parts.items() if value is not None]
