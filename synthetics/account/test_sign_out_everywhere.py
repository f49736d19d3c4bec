"""Shutting every door."""

from flows import signup
from flows.contract.accounts import ApiTokens, Newcomers, Sessions, SignOutEverywhere
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "account.sign-out-everywhere",
    owner="identity",
    risk="account-takeover",
    severity="critical",
    failure="integrity",
    needs=(Newcomers, Sessions, SignOutEverywhere),
)
def test_signing_out_everywhere_ends_every_session_and_token(customer: Customer) -> None:
    """Signing out everywhere ends every session and every token; logging in again works."""
    held = [(customer, "this session"), (signup.log_in_elsewhere(customer), "another session"), (customer.twin(), "a copy of this session")]
    if customer.offers(ApiTokens):
        held.append((customer.bearing(customer.accounts.issue_token()), "an API token"))
    for who, by in held:
        assert who.accounts.whoami().email == customer.email, f"not logged in by {by}"

    with step("sign out everywhere"):
        customer.accounts.sign_out_everywhere()

    for who, by in held:
        with refused(Reason.UNAUTHENTICATED, doing=f"using {by} after signing out everywhere"):
            who.accounts.whoami()
    assert signup.log_in(customer.elsewhere()).email == customer.email
