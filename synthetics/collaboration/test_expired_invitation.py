"""An invitation that nobody took."""

from flows import people, quota, signup
from flows.contract.operator import Calendar
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
    needs=(People, Invitations, Quotas, SeatQuota, Calendar),
)
def test_an_expired_invitation_is_refused_and_gives_its_seat_back(customer: Customer) -> None:
    """An expired invitation is refused, lets nobody in, and gives back its seat; a new one works."""
    other = signup.newcomer(customer.site)
    link = people.invite(customer, other.email, Role.EDITOR)
    quota.await_seats_used(customer, 2)
    customer.site.operator().expire_links(other.email)

    with refused(Reason.LINK_EXPIRED, doing="accepting an expired invitation"):
        people.accept(other, link)

    assert other.email not in people.roles(customer), "an expired invitation let somebody in"
    quota.await_seats_used(customer, 1)
    people.accept(other, people.invite(customer, other.email, Role.VIEWER, nth=2))
    assert people.roles(customer)[other.email] is Role.VIEWER
