"""Going of one's own accord."""

from flows import editing, people, quota
from flows.contract.accounts import ApiTokens, Newcomers
from flows.contract.documents import Documents, LiveEditing
from flows.contract.people import Invitations, People, Role
from flows.contract.projects import Project, Projects
from flows.lifecycle import HIDDEN
from flows.refusal import refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "collaboration.leave",
    owner="workspace",
    risk="zombie-access",
    severity="error",
    failure="integrity",
    needs=(Newcomers, Projects, People, Invitations, Documents),
)
def test_a_member_can_leave_and_come_back(customer: Customer, project: Project) -> None:
    """A member of the least role can leave a workspace, loses every way in, the open editor too, and gives back the seat; invited again, they come back."""
    document, role = customer.documents.write(project.id, "Shared", "text"), people.below(customer, Role.VIEWER)
    member = people.colleague(customer, role)
    held = [(member, "the session")]
    if customer.offers(ApiTokens):
        held.append((member.bearing(member.accounts.issue_token()), "an API token"))
    pen = editing.open_to_read(member.twin(), project, document) if customer.offers(LiveEditing) else None
    assert member.documents.read(project.id, document.id).body == document.body

    with step("leave the workspace"):
        member.people.leave()

    if pen:
        editing.await_left_out(customer, project, document, pen)
    for who, by in held:
        with refused(*HIDDEN, doing=f"reading a document after leaving, by {by}"):
            who.documents.read(project.id, document.id)
    alone = {customer.email: Role.OWNER}
    members = people.roles(customer, awaited=alone)
    assert members == alone, people.amiss(members, alone)
    quota.await_seats_used(customer, 1)
    people.accept(member, people.invite(customer, member.email, role, nth=2))
    team = alone | {member.email: role}
    members = people.roles(customer, awaited=team)
    assert members == team, people.amiss(members, team)
