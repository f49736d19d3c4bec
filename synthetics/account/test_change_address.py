"""Moving to another address."""

from dataclasses import replace

from flows import signup
from flows.contract.accounts import AddressChange, DiscreetSignUp, Newcomers, PasswordReset, Sessions
from flows.contract.mail import Kind
from flows.naming import fresh_password
from flows.post import await_letter, await_link
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "account.change-address",
    owner="identity",
    risk="account-takeover",
    severity="critical",
    failure="integrity",
    needs=(Newcomers, Sessions, AddressChange),
)
def test_an_address_changes_once_the_new_one_is_proven(customer: Customer) -> None:
    """An address changes only by the password and a link mailed to the new one; the old one is told, and opens the account no more, by no link either."""
    account = customer.accounts.whoami()
    there = replace(customer.identity, email=customer.site.identity().email)
    neighbour = signup.newcomer(customer.site)
    forgotten = signup.forgotten(customer) if customer.offers(PasswordReset) else None
    with refused(Reason.BAD_CREDENTIALS, doing="asking for another address without knowing the password"):
        customer.accounts.ask_for_address(there.email, signup.near_miss(there.password))
    if not customer.offers(DiscreetSignUp):
        with refused(Reason.TAKEN, doing="asking for an address that somebody else has"):
            customer.accounts.ask_for_address(neighbour.email, there.password)

    with step("ask for another address"), customer.site.ledger.making("account", there.email):
        customer.accounts.ask_for_address(there.email, there.password)
    link = await_link(customer.site, there.email, Kind.ADDRESS)
    await_letter(customer.site, customer.email, Kind.NOTICE)
    with refused(Reason.BAD_CREDENTIALS, doing="logging in with an address that is not confirmed yet"):
        customer.elsewhere().accounts.log_in(there.email, there.password)
    assert signup.log_in(customer.elsewhere()).id == account.id, "the old address opens another account before the new one is confirmed"
    with step("confirm the new address"):
        customer.accounts.confirm_address(link)

    moved = customer.elsewhere()
    moved.identity = there
    again = signup.log_in(moved)
    assert (again.id, again.email) == (account.id, there.email), f"the account was {account}, and by the new address it is {again}"
    with refused(Reason.BAD_CREDENTIALS, doing="logging in with the address of before"):
        customer.elsewhere().accounts.log_in(customer.email, there.password)
    with refused(Reason.LINK_DEAD, doing="confirming the new address a second time"):
        moved.accounts.confirm_address(link)
    if forgotten:
        with refused(Reason.LINK_DEAD, Reason.LINK_EXPIRED, doing="resetting the password by a link that was mailed to the address of before"):
            customer.elsewhere().accounts.reset(forgotten, fresh_password())

    with step("ask for an address with which somebody signs up meanwhile"):
        contested = customer.site.visitor()
        moved.accounts.ask_for_address(contested.email, there.password)
        late = await_link(customer.site, contested.email, Kind.ADDRESS)
        signup.register(contested)
    with refused(Reason.TAKEN, Reason.LINK_DEAD, doing="confirming an address with which somebody has signed up meanwhile"):
        moved.accounts.confirm_address(late)
