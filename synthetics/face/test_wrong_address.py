"""A wrong turn is no dead end."""

from flows.contract.driver import Surface
from flows.contract.face import WrongAddresses
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "face.wrong-address",
    owner="growth",
    risk="page-broken",
    severity="warning",
    failure="integrity",
    needs=(WrongAddresses,),
    surfaces=(Surface.API,),
)
def test_what_is_not_there_is_answered_so(visitor: Customer) -> None:
    """What is not there is answered as not found, for people by a page that leads on, and for programs in a way that they can read."""
    with step("ask for what is not there"):
        answered = visitor.face.astray()

    assert answered, "nothing was asked for"
    wrong = [f"{what} is not there, and was {how}" for what, how in answered.items() if how]
    assert not wrong, "; ".join(wrong)
