"""People: bringing somebody into a workspace."""

from __future__ import annotations

from flows import signup
from flows.blame import arranging
from flows.contract.mail import Kind
from flows.contract.people import Invitation, Role
from flows.patience import patiently
from flows.post import await_link
from flows.refusal import Reason
from flows.site import Customer
from flows.steps import step
from flows.waiting import settled


def invite(customer: Customer, email: str, role: Role, *, nth: int = 1) -> str:
    """Invite an address, wait for the mail, and return its link; `nth` where the address has had invitations before."""
    with step(f"invite {role}"):
        invited = customer.people.invite(email, role)
        asked, said = (email.casefold(), role), (invited.email.casefold(), invited.role)
        assert said == asked, f"{email} was to be invited as {role}, and the product says that {invited.email} is, as {invited.role}"
    return await_link(customer.site, email, Kind.INVITATION, nth=nth)


def invited(customer: Customer, email: str, role: Role, *, nth: int = 1) -> str:
    """Return the link of an invitation that has arrived; `nth` where the address has had invitations before.

    That it arrives is an earlier stage here: a fault in it blocks.

    Raises:
        Blocked: it does not work.
    """
    with arranging("an invitation"):
        return invite(customer, email, role, nth=nth)


def accept(colleague: Customer, link: str) -> None:
    """Follow an invitation's link, logged in."""
    with step("accept the invitation"):
        colleague.people.accept(link)


def colleague(customer: Customer, role: Role) -> Customer:
    """Return another customer who has come into this one's workspace by invitation. That is an earlier stage here: a fault in it blocks.

    Raises:
        Blocked: it does not work.
    """
    other = signup.newcomer(customer.site)
    with arranging(f"a colleague as {role}"):
        accept(other, invite(customer, other.email, role))
        other.workspace = customer.workspace
    return other


def roles(customer: Customer, *, awaited: dict[str, Role] | None = None) -> dict[str, Role]:
    """Return the role of each member by address; those that are `awaited` may be shown a moment late."""

    def look() -> dict[str, Role]:
        return {member.email: member.role for member in customer.people.members()}

    if awaited is None:
        return look()
    return settled(look, when=lambda seen: seen == awaited, within=customer.site.budget("agreement"), of="the members")


def amiss(seen: dict[str, Role], awaited: dict[str, Role]) -> str:
    """Say in words where the members, by address, are not as they should be."""
    wrong = [f"{who} should be {role}, and is {seen.get(who, 'no member')}" for who, role in awaited.items() if seen.get(who) != role]
    return "; ".join([*wrong, *(f"{who} should be no member, and is {role}" for who, role in seen.items() if who not in awaited)])


def invitations(customer: Customer, *, count: int) -> list[Invitation]:
    """Return the invitations that can still be accepted; that there are `count` of them may be shown a moment late."""
    return settled(
        customer.people.invitations, when=lambda seen: len(seen) == count, within=customer.site.budget("agreement"), of="the invitations that are open"
    )


def below(customer: Customer, role: Role) -> Role:
    """Return a role, or where the product does not have it the next in power below, of those that it has."""
    ranks = list(Role)
    return next((each for each in ranks[ranks.index(role) :] if customer.offers(each)), ranks[-1])


def sign_up_from(visitor: Customer, link: str) -> None:
    """Sign up from the link of an invitation, confirm the address, and log in."""
    with step("sign up from the invitation"), visitor.site.ledger.making("account", visitor.email):
        patiently(
            lambda: visitor.accounts.register_invited(visitor.identity, link), doing="signing up from an invitation", only=frozenset({Reason.RATE_LIMITED})
        )
    signup.confirm(visitor)
    signup.log_in(visitor)
