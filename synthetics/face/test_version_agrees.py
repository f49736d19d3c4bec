"""One release at a time."""

from flows.contract.driver import Surface
from flows.contract.face import Releases
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "face.version-agrees",
    owner="platform",
    risk="wrong-release",
    severity="error",
    failure="integrity",
    needs=(Releases,),
    surfaces=(Surface.API,),
)
def test_every_part_is_of_the_release_that_the_product_says(visitor: Customer) -> None:
    """Pages, and the files that they load, are of the release that the product says it is: no cache serves an old one."""
    with step("ask every part for its release"):
        parts = visitor.face.parts()

    assert parts, "no part says of which release it is"
    stale = [f"{each.name} is of {each.release}, not {each.stated}" for each in parts if each.release != each.stated]
    assert not stale, f"{len(stale)} of {len(parts)} parts are of another release: {'; '.join(stale)}"
