"""One key taken away."""

from flows import signup
from flows.contract.accounts import ApiTokens, Newcomers, RevocableTokens, Sessions
from flows.lifecycle import HIDDEN
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "account.token-revoked",
    owner="identity",
    risk="account-takeover",
    severity="critical",
    failure="integrity",
    needs=(Newcomers, Sessions, ApiTokens, RevocableTokens),
)
def test_a_revoked_token_is_dead_and_the_others_live_on(customer: Customer) -> None:
    """A revoked token is dead and listed no more; others work on, whoever logs in or out meanwhile, and nobody else can revoke them."""
    (lost, lost_id), (kept, kept_id) = issue(customer), issue(customer)
    with step("log in and out again elsewhere"):
        signup.log_in_elsewhere(customer).accounts.log_out()
    for who, which in ((lost, "a token"), (kept, "another token"), (customer, "a session that was there before")):
        assert who.accounts.whoami().email == customer.email, f"after a log-in and log-out elsewhere, {which} opens another account"

    with step("revoke the token"):
        customer.accounts.revoke_token(lost_id)

    with refused(Reason.UNAUTHENTICATED, doing="using a token that was revoked"):
        lost.accounts.whoami()
    stranger = signup.newcomer(customer.site)
    with refused(*HIDDEN, doing="revoking somebody else's token"):
        stranger.accounts.revoke_token(kept_id)
    listed = customer.accounts.tokens()
    assert lost_id not in listed, "a token that was revoked is still listed"
    assert kept_id in listed, "a token that was not revoked is no longer listed"
    assert kept_id not in stranger.accounts.tokens(), "a token is listed to somebody else"
    for who, which in ((kept, "the token that was not revoked"), (customer, "the session")):
        assert who.accounts.whoami().email == customer.email, f"{which} opens another account"


def issue(customer: Customer) -> tuple[Customer, str]:
    """Make a token; return somebody who has nothing else, and the id under which it is listed."""
    before = set(customer.accounts.tokens())
    bearer = customer.bearing(customer.accounts.issue_token())
    new = set(customer.accounts.tokens()) - before
    assert len(new) == 1, f"one token was made, and {len(new)} more are listed"
    return bearer, new.pop()
