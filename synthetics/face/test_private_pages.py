"""Nobody finds them in a cache."""

from flows.contract.accounts import Sessions
from flows.contract.driver import Surface
from flows.contract.face import Guard, Guards, OwnPages
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "face.private-pages",
    owner="identity",
    risk="guards-down",
    severity="error",
    failure="integrity",
    needs=(Sessions, Guards, OwnPages),
    surfaces=(Surface.API,),
)
def test_a_customers_own_pages_are_guarded_and_kept_by_no_cache(customer: Customer) -> None:
    """The pages that are a customer's own have the browser guard them as the product documents it, and are kept by no cache."""
    with step("look at pages that are everybody's: what is down there is the promise of another scenario"):
        everywhere = frozenset.intersection(*customer.face.guarded().values())
    with step("open the pages that are one's own"):
        seen = customer.face.own_pages()

    assert seen, "nothing was looked at"
    promised = customer.face.own_guards() & (everywhere | {Guard.CACHES})
    down = [f"{what} does not see to it that {guard}" for what, held in seen.items() for guard in sorted(promised - held)]
    assert not down, f"{len(down)} guards are down: {'; '.join(down)}"
