"""An invitation that nobody took."""

from flows import people, quota, signup
from flows.contract.accounts import Newcomers
from flows.contract.operator import LinkExpiry
from flows.contract.people import Invitations, People, Role
from flows.contract.quotas import Quotas, SeatQuota
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer


@scenario(
    "collaboration.expired-invitation",
    owner="workspace",
    risk="team-cannot-form",
    severity="error",
    failure="integrity",
    needs=(Newcomers, People, Invitations, Quotas, SeatQuota, LinkExpiry),
)
def test_an_expired_invitation_is_refused_and_gives_its_seat_back(customer: Customer) -> None:
    """An expired invitation is refused, lets nobody in, and gives back its seat; a new one works."""
    other = signup.newcomer(customer.site)
    link = people.invited(customer, other.email, people.below(customer, Role.EDITOR))
    quota.await_seats_used(customer, 2)
    customer.site.operator().expire_links(other.email)

    with refused(Reason.LINK_EXPIRED, doing="accepting an expired invitation"):
        people.accept(other, link)

    assert other.email not in people.roles(customer), "an expired invitation let somebody in"
    quota.await_seats_used(customer, 1)
    role = people.below(customer, Role.VIEWER)
    people.accept(other, people.invite(customer, other.email, role, nth=2))
    team = {customer.email: Role.OWNER, other.email: role}
    members = people.roles(customer, awaited=team)
    assert members == team, people.amiss(members, team)
