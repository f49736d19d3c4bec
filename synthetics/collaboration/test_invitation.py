"""How a team forms."""

from flows import people, quota, signup
from flows.contract.accounts import Newcomers
from flows.contract.people import Invitations, People, Role, Workspaces
from flows.scenario import scenario
from flows.site import Customer


@scenario(
    "collaboration.invitation",
    owner="workspace",
    risk="team-cannot-form",
    severity="critical",
    failure="availability",
    needs=(Newcomers, People, Invitations),
)
def test_an_invited_person_comes_in_with_the_right_role(customer: Customer) -> None:
    """Somebody who is invited gets the mail, accepts, and is in the workspace with the role of the invitation, keeping their own workspace."""
    other, role = signup.newcomer(customer.site), people.below(customer, Role.EDITOR)
    assert customer.workspace

    people.accept(other, people.invite(customer, other.email, role))

    team = {customer.email: Role.OWNER, other.email: role}
    members = people.roles(customer, awaited=team)
    assert members == team, people.amiss(members, team)
    if customer.offers(Workspaces):
        theirs = other.people.workspaces()
        assert theirs.get(customer.workspace) is role, f"the new member sees the workspaces {theirs}"
        assert other.workspace in theirs, "accepting an invitation took away one's own workspace"
        assert people.roles(other, awaited=team) == team, "whoever accepts works in the workspace that they were invited to"
    assert people.invitations(customer, count=0) == [], "an accepted invitation is still open"
    quota.await_seats_used(customer, 2)
