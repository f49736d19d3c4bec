"""Signing up: from a stranger to a customer in a workspace of their own."""

from __future__ import annotations

from flows import trail
from flows.blame import SuiteFault, arranging
from flows.contract.accounts import Account, SignUp, Verification
from flows.contract.mail import Kind
from flows.naming import Identity
from flows.patience import patiently
from flows.post import await_link
from flows.refusal import Reason
from flows.site import Customer, Site
from flows.steps import step


def register(visitor: Customer, identity: Identity | None = None, *, times: int = 1) -> None:
    """Send the sign-up form, with the visitor's own data where no other are given. Where too many sign up at once, come back when the product says."""
    identity = identity or visitor.identity
    with step("sign up"), visitor.site.ledger.making("account", identity.email):
        patiently(lambda: visitor.accounts.register(identity, times=times), doing="signing up", only=frozenset({Reason.RATE_LIMITED}))


def confirm(visitor: Customer) -> str:
    """Follow the link of the verification mail, where the product sends one, and return it."""
    if not visitor.offers(Verification):
        return ""
    link = await_link(visitor.site, visitor.email, Kind.VERIFICATION)
    with step("confirm the address"):
        visitor.accounts.confirm(link)
    return link


def log_in(customer: Customer) -> Account:
    """Log in and return the account as the product shows it."""
    with step("log in"):
        customer.accounts.log_in(customer.email, customer.identity.password)
        account = customer.accounts.whoami()
    customer.workspace = account.workspace or account.id
    return account


def sign_up(visitor: Customer) -> Account:
    """Go all the way: register, confirm the address, log in."""
    register(visitor)
    confirm(visitor)
    return log_in(visitor)


def log_in_elsewhere(customer: Customer) -> Customer:
    """Return the same person logged in once more, in another browser or client."""
    other = customer.elsewhere()
    log_in(other)
    return other


def newcomer(site: Site) -> Customer:
    """Return a new customer, logged in on this surface; the target's own where nobody can sign up. Signing up is an earlier stage here: a fault in it blocks.

    Raises:
        Blocked: it does not work.
    """
    maker = site.able(SignUp)
    if maker is None:
        return standing(site)
    identity = site.identity()
    with arranging("a customer"), step("become a customer"):
        prepared = site.as_prepared(identity, SignUp)
        register(prepared)
        confirm(prepared)
        customer = prepared if maker is site.driver else site.person(identity)
        patiently(lambda: log_in(customer), doing="logging in")
    return customer


def standing(site: Site) -> Customer:
    """Return the customer that the target gives, logged in.

    Raises:
        SuiteFault: it gives none.
    """
    if site.standing is None:
        raise SuiteFault(f"target '{site.target}' has no sign-up and gives no customer; name the secrets customer_email and customer_password in targets.toml")
    with arranging("the target's customer"):
        customer = site.person(site.standing)
        patiently(lambda: log_in(customer), doing="logging in")
    return customer


def forgotten(customer: Customer) -> str:
    """Ask for a new password, as if the old one was forgotten; returns the link that is mailed."""
    customer.elsewhere().accounts.request_reset(customer.email)
    return await_link(customer.site, customer.email, Kind.RESET)


def near_miss(password: str) -> str:
    """Return a wrong password that differs from the right one by its last character alone."""
    guess = password[:-1] + ("x" if password[-1] != "x" else "y")
    trail.current().secrets.add(guess)
    return guess


def in_other_case(password: str) -> str:
    """Return a wrong password: the right one with small letters for large ones, and large for small."""
    guess = password.swapcase()
    trail.current().secrets.add(guess)
    return guess
