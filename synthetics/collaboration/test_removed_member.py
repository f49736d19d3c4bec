"""Somebody who has left."""

from flows import editing, people, provisioning, quota, signup
from flows.blame import arranging
from flows.contract.accounts import ApiTokens, Newcomers
from flows.contract.documents import Documents, LiveEditing
from flows.contract.people import Invitations, People, Role, Workspaces
from flows.contract.projects import Project, Projects
from flows.contract.quotas import Quotas
from flows.lifecycle import HIDDEN
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "collaboration.removed-member",
    owner="workspace",
    risk="zombie-access",
    severity="critical",
    failure="integrity",
    needs=(Newcomers, Projects, People, Invitations, Documents),
)
def test_a_removed_member_loses_every_way_in(customer: Customer, project: Project) -> None:
    """A removed member loses every way in: workspace, project, documents, token, old invitation, and the editor that was open."""
    document = customer.documents.write(project.id, "Shared", "text")
    member = signup.newcomer(customer.site)
    with arranging("a member"):
        link = people.invite(customer, member.email, people.below(customer, Role.ADMIN))
        people.accept(member, link)
    member.workspace = customer.workspace
    assert member.workspace
    held = [(member, "the session")]
    if customer.offers(ApiTokens):
        held.append((member.bearing(member.accounts.issue_token()), "an API token"))
    window = member.twin()
    pen = editing.open_pen(window, project, document) if customer.offers(LiveEditing) else None
    assert member.documents.read(project.id, document.id).body == document.body

    with step("remove the member"):
        customer.people.remove(member.email)

    if pen:
        editing.await_cut_off(window, pen)
    for who, by in held:
        with refused(*HIDDEN, doing=f"looking who is in the workspace after being removed, by {by}"):
            who.people.members()
        with refused(*HIDDEN, doing=f"looking who is invited after being removed, by {by}"):
            who.people.invitations()
        if customer.offers(Quotas):
            with refused(*HIDDEN, doing=f"reading the usage of the workspace after being removed, by {by}"):
                who.quotas.usage()
        with refused(*HIDDEN, doing=f"listing the projects of the workspace after being removed, by {by}"):
            who.projects.projects()
        with refused(*HIDDEN, doing=f"asking for a project in the workspace after being removed, by {by}"):
            provisioning.request(who)
        with refused(*HIDDEN, doing=f"opening the project after being removed, by {by}"):
            who.projects.project(project.id)
        with refused(*HIDDEN, doing=f"reading a document after being removed, by {by}"):
            who.documents.read(project.id, document.id)
        if customer.offers(Workspaces):
            with refused(*HIDDEN, doing=f"entering the workspace after being removed, by {by}"):
                who.people.enter(member.workspace)
            assert member.workspace not in who.people.workspaces(), f"the workspace is still listed by {by}"
    with refused(Reason.LINK_DEAD, doing="coming back in by the invitation of before"):
        people.accept(member, link)
    alone = {customer.email: Role.OWNER}
    members = people.roles(customer, awaited=alone)
    assert members == alone, people.amiss(members, alone)
    quota.await_seats_used(customer, 1)
