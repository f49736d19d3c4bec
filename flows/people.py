"""People: bringing somebody into a workspace."""

from __future__ import annotations

from flows import signup
from flows.blame import arranging
from flows.contract.mail import Kind
from flows.contract.people import Role
from flows.post import await_link
from flows.site import Customer
from flows.steps import step


def invite(customer: Customer, email: str, role: Role, *, nth: int = 1) -> str:
    """Invite an address, wait for the mail, and return its link; `nth` where the address has had invitations before."""
    with step(f"invite {role}"):
        customer.people.invite(email, role)
    return await_link(customer.site, email, Kind.INVITATION, nth=nth)


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


def roles(customer: Customer) -> dict[str, Role]:
    """Return the role of each member by address."""
    return {member.email: member.role for member in customer.people.members()}
