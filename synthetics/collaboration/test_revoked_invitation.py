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
    """A revoked invitation is dead: it is no longer listed, lets nobody in, and gives back its seat."""
    other, role = signup.newcomer(customer.site), people.below(customer, Role.ADMIN)
    link = people.invited(customer, other.email, role)
    with step("revoke the invitation"):
        pending = people.invitations(customer, count=1)
        assert len(pending) == 1, f"one person is invited, and pending are {pending}"
        invitation = pending[0]
        assert (invitation.email, invitation.role) == (other.email, role)
        customer.people.revoke(invitation.id)

    with refused(Reason.LINK_DEAD, doing="accepting a revoked invitation"):
        people.accept(other, link)

    assert people.invitations(customer, count=0) == [], "a revoked invitation is still listed"
    quota.await_seats_used(customer, 1)
    assert list(people.roles(customer)) == [customer.email], "a revoked invitation let somebody in"
