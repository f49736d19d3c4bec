"""Somebody who is invited and has no account."""

from flows import people, quota
from flows.contract.accounts import InvitedSignUp, Newcomers, Sessions
from flows.contract.people import Invitations, People, Role, Workspaces
from flows.scenario import scenario
from flows.site import Customer


@scenario(
    "collaboration.invited-newcomer",
    owner="workspace",
    risk="team-cannot-form",
    severity="critical",
    failure="availability",
    needs=(Newcomers, Sessions, People, Invitations, InvitedSignUp),
)
def test_somebody_without_an_account_comes_in_by_the_invitation(customer: Customer) -> None:
    """Somebody without an account signs up from an invitation, confirms, and is in the workspace with the role of the invitation, which is used up."""
    newcomer, role = customer.site.visitor(), people.below(customer, Role.EDITOR)
    assert customer.workspace

    people.sign_up_from(newcomer, people.invite(customer, newcomer.email, role))

    team = {customer.email: Role.OWNER, newcomer.email: role}
    members = people.roles(customer, awaited=team)
    assert members == team, people.amiss(members, team)
    if customer.offers(Workspaces):
        theirs = newcomer.people.workspaces()
        assert theirs.get(customer.workspace) is role, f"who signed up from an invitation sees the workspaces {theirs}"
    assert people.invitations(customer, count=0) == [], "an invitation from which somebody signed up is still open"
    quota.await_seats_used(customer, 2)
