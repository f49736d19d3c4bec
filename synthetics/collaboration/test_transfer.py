"""Handing over."""

from flows import people
from flows.contract.accounts import Newcomers
from flows.contract.people import Invitations, Ownership, People, Role
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "collaboration.transfer",
    owner="workspace",
    risk="lifecycle-corrupt",
    severity="error",
    failure="integrity",
    needs=(Newcomers, People, Invitations, Ownership),
)
def test_a_transfer_completes_and_the_old_owner_can_step_down(customer: Customer) -> None:
    """A transfer makes the other the owner in one's own place; the old owner has no more than an admin's rights, and can leave."""
    heir = people.colleague(customer, people.below(customer, Role.EDITOR))

    with step("hand the workspace over"):
        customer.people.transfer(heir.email)

    handed_over = {heir.email: Role.OWNER, customer.email: people.below(customer, Role.ADMIN)}
    members = people.roles(heir, awaited=handed_over)
    assert members == handed_over, people.amiss(members, handed_over)
    with refused(Reason.FORBIDDEN, Reason.LAST_OWNER, doing="removing the new owner as the old one"):
        customer.people.remove(heir.email)
    with refused(Reason.FORBIDDEN, doing="taking the ownership back as the old owner"):
        customer.people.set_role(customer.email, Role.OWNER)
    with step("leave as the old owner"):
        customer.people.leave()
    alone = {heir.email: Role.OWNER}
    members = people.roles(heir, awaited=alone)
    assert members == alone, people.amiss(members, alone)
