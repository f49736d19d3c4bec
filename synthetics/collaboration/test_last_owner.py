"""Never without an owner."""

from flows import people
from flows.contract.accounts import Newcomers
from flows.contract.people import Invitations, People, Role
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer


@scenario(
    "collaboration.last-owner", owner="workspace", risk="lifecycle-corrupt", severity="error", failure="integrity", needs=(Newcomers, People, Invitations)
)
def test_the_last_owner_cannot_leave_step_down_or_be_removed(customer: Customer) -> None:
    """The last owner cannot leave, step down or be removed; with a second owner, the first can leave."""
    role = people.below(customer, Role.ADMIN)
    other = people.colleague(customer, role)

    with refused(Reason.LAST_OWNER, doing="leaving as the last owner"):
        customer.people.leave()
    with refused(Reason.LAST_OWNER, doing="stepping down as the last owner"):
        customer.people.set_role(customer.email, people.below(customer, Role.EDITOR))
    with refused(Reason.LAST_OWNER, Reason.FORBIDDEN, doing="removing the last owner as an admin"):
        other.people.remove(customer.email)
    assert people.roles(customer) == {customer.email: Role.OWNER, other.email: role}, "a refused change of the last owner changed something"

    customer.people.set_role(other.email, Role.OWNER)
    customer.people.leave()
    alone = {other.email: Role.OWNER}
    members = people.roles(other, awaited=alone)
    assert members == alone, people.amiss(members, alone)
