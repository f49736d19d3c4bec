"""People click twice."""

from flows import signup
from flows.contract.accounts import Sessions, SignUp, Verification
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario("signup.link-twice", owner="identity", risk="nobody-can-start", severity="warning", failure="availability", needs=(SignUp, Verification, Sessions))
def test_a_second_click_on_the_link_ends_well(visitor: Customer) -> None:
    """Clicking the verification link a second time ends well, not in a dead end."""
    signup.register(visitor)
    link = signup.confirm(visitor)

    with step("follow the same link again"):
        visitor.elsewhere().accounts.confirm(link)

    assert signup.log_in(visitor).email == visitor.email
