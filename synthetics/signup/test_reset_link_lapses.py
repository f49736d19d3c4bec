"""A way back in that was not taken."""

from dataclasses import replace

from flows import signup
from flows.contract.accounts import Newcomers, PasswordReset, Sessions
from flows.contract.mail import Kind
from flows.contract.operator import LinkExpiry
from flows.post import await_link
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "signup.reset-link-lapses",
    owner="identity",
    risk="account-takeover",
    severity="error",
    failure="integrity",
    needs=(Newcomers, Sessions, PasswordReset, LinkExpiry),
)
def test_only_the_newest_reset_link_works_and_none_forever(customer: Customer) -> None:
    """A reset link that has expired, or was replaced by a newer one, changes no password; the newest does."""
    forgetful, new = customer.elsewhere(), customer.site.identity().password
    with step("ask for a password reset"):
        forgetful.accounts.request_reset(customer.email)
        first = await_link(customer.site, customer.email, Kind.RESET)
    customer.site.operator().expire_links(customer.email)
    with refused(Reason.LINK_EXPIRED, doing="resetting the password by an expired link"):
        forgetful.accounts.reset(first, new)
    with step("ask for it again, and once more"):
        forgetful.accounts.request_reset(customer.email)
        second = await_link(customer.site, customer.email, Kind.RESET, nth=2)
        forgetful.accounts.request_reset(customer.email)
        newest = await_link(customer.site, customer.email, Kind.RESET, nth=3)

    with refused(Reason.LINK_DEAD, Reason.LINK_EXPIRED, doing="resetting the password by a link that was replaced"):
        forgetful.accounts.reset(second, new)
    assert signup.log_in(customer.elsewhere()).email == customer.email
    forgetful.accounts.reset(newest, new)
    renewed = customer.elsewhere()
    renewed.identity = replace(customer.identity, password=new)
    assert signup.log_in(renewed).email == customer.email
