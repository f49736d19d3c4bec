"""What the browser is told to guard."""

from flows.contract.driver import Surface
from flows.contract.face import Guards
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "face.security-headers",
    owner="identity",
    risk="guards-down",
    severity="error",
    failure="integrity",
    needs=(Guards,),
    surfaces=(Surface.API,),
)
def test_every_answer_has_the_browser_guard_its_people(visitor: Customer) -> None:
    """Every kind of answer has the browser guard its people from other sites, as the product documents it."""
    promised = visitor.face.guards()
    with step("look at the headers"):
        seen = visitor.face.guarded()

    assert seen, "nothing was looked at"
    down = [f"{what} does not see to it that {guard}" for what, held in seen.items() for guard in sorted(promised - held)]
    assert not down, f"{len(down)} guards are down: {'; '.join(down)}"
