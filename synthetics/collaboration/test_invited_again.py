"""A second thought about an invitation."""

from flows import people, quota, signup
from flows.blame import Refused
from flows.contract.accounts import Newcomers
from flows.contract.people import Invitations, People, Role
from flows.refusal import Reason
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "collaboration.invited-again",
    owner="workspace",
    risk="privilege-kept",
    severity="error",
    failure="integrity",
    needs=(Newcomers, People, Invitations, Role.ADMIN, Role.VIEWER),
)
def test_of_two_invitations_to_one_person_the_later_counts(customer: Customer) -> None:
    """Somebody who is invited as an admin and then as a viewer takes one seat, comes in as a viewer by whichever link, and takes no second seat later."""
    other = signup.newcomer(customer.site)
    first = people.invited(customer, other.email, Role.ADMIN)
    later = people.invite(customer, other.email, Role.VIEWER, nth=2)
    quota.await_seats_used(customer, 2)
    pending = people.invitations(customer, count=1)
    assert [(each.email, each.role) for each in pending] == [(other.email, Role.VIEWER)], f"one person was invited twice, and open are {pending}"

    with step("follow the first link, and where that is dead the later one"):
        follow(other, first, later)

    team = {customer.email: Role.OWNER, other.email: Role.VIEWER}
    members = people.roles(customer, awaited=team)
    assert members == team, people.amiss(members, team)
    quota.await_seats_used(customer, 2)

    with step("invite somebody who is in already"):
        invite_member(customer, other.email)
    assert people.roles(customer) == team, "somebody who was in already, and was invited once more, has another role"
    quota.await_seats_used(customer, 2)


def invite_member(customer: Customer, email: str) -> None:
    """Invite somebody who is a member already: a product may refuse that, or take it for done."""
    try:
        customer.people.invite(email, Role.ADMIN)
    except Refused as refused:
        if refused.refusal.reason is not Reason.TAKEN:
            raise


def follow(other: Customer, first: str, later: str) -> None:
    """Accept by the first of two links that works: a product may keep the first and change what it offers."""
    try:
        people.accept(other, first)
    except Refused as refused:
        if refused.refusal.reason not in {Reason.LINK_DEAD, Reason.LINK_EXPIRED}:
            raise
        people.accept(other, later)
