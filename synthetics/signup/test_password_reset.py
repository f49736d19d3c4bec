"""A forgotten password."""

from dataclasses import replace

from flows import signup
from flows.contract.accounts import ApiTokens, Newcomers, PasswordReset, Sessions
from flows.contract.mail import Kind
from flows.naming import fresh_password
from flows.post import await_link
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "signup.password-reset",
    owner="identity",
    risk="account-takeover",
    severity="critical",
    failure="integrity",
    needs=(Newcomers, Sessions, PasswordReset),
)
def test_a_reset_works_once_and_ends_every_session(customer: Customer) -> None:
    """A password reset takes a good password alone, works once, ends every session and token, and leaves only the new password valid."""
    held = [(customer, "the session")]
    if customer.offers(ApiTokens):
        held.append((customer.bearing(customer.accounts.issue_token()), "an API token"))
    forgetful, new = customer.elsewhere(), customer.site.identity().password
    with step("ask for a password reset"):
        forgetful.accounts.request_reset(customer.email)
    link = await_link(customer.site, customer.email, Kind.RESET)
    with refused(Reason.INVALID, doing="resetting to the password 'short'"):
        forgetful.accounts.reset(link, "short")
    with step("set a new password"):
        forgetful.accounts.reset(link, new)

    for who, by in held:
        with refused(Reason.UNAUTHENTICATED, doing=f"using {by} from before the reset"):
            who.accounts.whoami()
    with refused(Reason.BAD_CREDENTIALS, doing="logging in with the old password"):
        customer.elsewhere().accounts.log_in(customer.email, customer.identity.password)
    with refused(Reason.BAD_CREDENTIALS, doing="logging in with the new password in other letters, small for large"):
        customer.elsewhere().accounts.log_in(customer.email, signup.in_other_case(new))
    with refused(Reason.LINK_DEAD, Reason.LINK_EXPIRED, doing="using the reset link a second time"):
        customer.elsewhere().accounts.reset(link, fresh_password())
    renewed = customer.elsewhere()
    renewed.identity = replace(customer.identity, password=new)
    assert signup.log_in(renewed).email == customer.email
