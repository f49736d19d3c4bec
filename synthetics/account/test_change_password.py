"""Another password, from the settings."""

from dataclasses import replace

from flows import signup
from flows.contract.accounts import ApiTokens, Newcomers, PasswordChange, PasswordReset, Sessions
from flows.naming import fresh_password
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "account.change-password",
    owner="identity",
    risk="account-takeover",
    severity="critical",
    failure="integrity",
    needs=(Newcomers, Sessions, PasswordChange),
)
def test_a_new_password_shuts_out_whoever_knew_the_old_one(customer: Customer) -> None:
    """Who knows the password can set another, if it is a good one; that ends every other session, token and link, and only the new one opens the account."""
    neighbour = signup.newcomer(customer.site)
    held = [(signup.log_in_elsewhere(customer), "another session")]
    if customer.offers(ApiTokens):
        held.append((customer.bearing(customer.accounts.issue_token()), "an API token"))
    forgotten = signup.forgotten(customer) if customer.offers(PasswordReset) else None
    old, new = customer.identity.password, customer.site.identity().password
    with refused(Reason.BAD_CREDENTIALS, doing="setting another password without knowing the old one"):
        customer.accounts.change_password(signup.near_miss(old), new)
    with refused(Reason.INVALID, doing="setting the password 'short'"):
        customer.accounts.change_password(old, "short")
    for who, by in held:
        assert who.accounts.whoami().email == customer.email, f"a refused change of the password ended {by}"

    with step("set another password"):
        customer.accounts.change_password(old, new)

    for who, by in held:
        with refused(Reason.UNAUTHENTICATED, doing=f"using {by} from before the change of the password"):
            who.accounts.whoami()
    with refused(Reason.BAD_CREDENTIALS, doing="logging in with the password of before"):
        customer.elsewhere().accounts.log_in(customer.email, old)
    if forgotten:
        with refused(Reason.LINK_DEAD, Reason.LINK_EXPIRED, doing="resetting the password by a link from before it was changed"):
            customer.elsewhere().accounts.reset(forgotten, fresh_password())
    renewed = customer.elsewhere()
    renewed.identity = replace(customer.identity, password=new)
    assert signup.log_in(renewed).email == customer.email
    assert neighbour.accounts.whoami().email == neighbour.email, "another password of one account ended the session of another"
    with step("log in to another account"):
        assert signup.log_in(neighbour.elsewhere()).email == neighbour.email
