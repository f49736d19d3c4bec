"""An invitation that was taken back."""

from flows import people, quota, signup
from flows.contract.accounts import Newcomers
from flows.contract.people import Invitations, People, Role
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "collaboration.revoked-invitation", owner="workspace", risk="zombie-access", severity="error", failure="integrity", needs=(Newcomers, People, Invitations)
)
def test_a_revoked_invitation_is_dead(customer: Customer) -> None:
    """A revoked invitation is dead: it is no longer listed, lets nobody in, and gives back its seat. Those of other workspaces are their own business."""
    other, stranger, role = signup.newcomer(customer.site), signup.newcomer(customer.site), people.below(customer, Role.ADMIN)
    link = people.invited(customer, other.email, role)
    elsewhere = people.invited(stranger, other.email, role, nth=2)
    with step("revoke the invitation"):
        pending = people.invitations(customer, count=1)
        assert len(pending) == 1, f"one person is invited, and pending are {pending}"
        invitation = pending[0]
        assert (invitation.email, invitation.role) == (other.email, role)
        with refused(Reason.NOT_FOUND, Reason.FORBIDDEN, doing="revoking an invitation to somebody else's workspace"):
            stranger.people.revoke(invitation.id)
        assert people.invitations(customer, count=1) == pending, "an owner of another workspace was refused, and has revoked an invitation to this one"
        customer.people.revoke(invitation.id)

    with refused(Reason.LINK_DEAD, doing="accepting a revoked invitation"):
        people.accept(other, link)

    assert people.invitations(customer, count=0) == [], "a revoked invitation is still listed"
    quota.await_seats_used(customer, 1)
    assert list(people.roles(customer)) == [customer.email], "a revoked invitation let somebody in"
    people.accept(other, elsewhere)
    team = {stranger.email: Role.OWNER, other.email: role}
    members = people.roles(stranger, awaited=team)
    assert members == team, f"once an invitation to one workspace was revoked, one to another let nobody in: {people.amiss(members, team)}"
