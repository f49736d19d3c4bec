"""A page that is late is left."""

from flows import face
from flows.contract.driver import Surface
from flows.contract.face import LoadedPages
from flows.scenario import scenario
from flows.site import Customer


@scenario(
    "face.page-in-time",
    owner="growth",
    risk="page-broken",
    severity="error",
    failure="latency",
    needs=(LoadedPages,),
    surfaces=(Surface.BROWSER,),
)
def test_pages_come_up_in_time(customer: Customer) -> None:
    """The first page, the sign-up page and the dashboard begin to arrive, are painted, and hold still, within their budgets."""
    loaded = face.load_all(customer)

    for place, seen in loaded.items():
        face.punctual(f"the first byte of the {place}", seen.first_byte, customer.site.budget("response"))
        face.punctual(f"the largest paint of the {place}", seen.painted, customer.site.budget("page"))
        face.still(f"the {place}", seen.shift)
