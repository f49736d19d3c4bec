"""Corporate mail scanners open every link before its reader does."""

from flows import signup
from flows.contract.accounts import Sessions, SignUp, Verification
from flows.contract.mail import Kind
from flows.post import await_link
from flows.scenario import scenario
from flows.site import Customer


@scenario("signup.scanner-fetch", owner="identity", risk="nobody-can-start", severity="error", failure="availability", needs=(SignUp, Verification, Sessions))
def test_an_automated_fetch_does_not_consume_the_link(visitor: Customer) -> None:
    """A mail scanner that fetches the verification link does not use it up: its reader can still confirm and log in."""
    signup.register(visitor)
    link = await_link(visitor.site, visitor.email, Kind.VERIFICATION)
    for _ in range(2):
        visitor.elsewhere().accounts.prefetch(link)

    visitor.accounts.confirm(link)

    assert signup.log_in(visitor).email == visitor.email
