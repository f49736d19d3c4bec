"""Everything on the page is there."""

from flows import face
from flows.contract.driver import Surface
from flows.contract.face import LoadedPages
from flows.scenario import scenario
from flows.site import Customer


@scenario(
    "face.page-works",
    owner="growth",
    risk="page-broken",
    severity="error",
    failure="availability",
    needs=(LoadedPages,),
    surfaces=(Surface.BROWSER,),
)
def test_pages_come_up_whole(customer: Customer) -> None:
    """The first page, the sign-up page and the dashboard come up whole: all that they load is there, no policy blocks it, and no script breaks."""
    loaded = face.load_all(customer)

    troubles = [f"{place}: {trouble}" for place, seen in loaded.items() for trouble in seen.troubles]
    assert not troubles, f"{len(troubles)} troubles: {'; '.join(troubles)}"
