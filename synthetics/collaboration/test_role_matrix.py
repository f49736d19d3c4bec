"""Each role can do what it may, and nothing else."""

from collections.abc import Callable

from flows import people, provisioning
from flows.blame import arranging
from flows.contract.billing import Billing
from flows.contract.documents import Document, Documents
from flows.contract.lifecycle import Action
from flows.contract.operator import Limits
from flows.contract.people import Invitations, People, Role
from flows.contract.projects import Project, Projects
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step

ALLOWED = {
    "read a document": {Role.OWNER, Role.ADMIN, Role.EDITOR, Role.VIEWER},
    "write a document": {Role.OWNER, Role.ADMIN, Role.EDITOR},
    "create a project": {Role.OWNER, Role.ADMIN, Role.EDITOR},
    "invite somebody": {Role.OWNER, Role.ADMIN},
    "delete a project": {Role.OWNER, Role.ADMIN},
    "change a role": {Role.OWNER, Role.ADMIN},
    "make an owner": {Role.OWNER},
    "see to the bill": {Role.OWNER},
}


@scenario(
    "collaboration.role-matrix",
    owner="workspace",
    risk="privilege-kept",
    severity="critical",
    failure="integrity",
    needs=(People, Invitations, Projects, Documents, Billing, Limits, Action.DELETE),
    deadline=240,
)
def test_every_role_can_do_what_it_may_and_nothing_else(customer: Customer, project: Project) -> None:
    """Owner, admin, editor and viewer can each do all that their role allows, and are refused the rest."""
    with arranging("a team with every role"):
        assert customer.workspace
        customer.site.operator().set_limits(customer.workspace, projects=20, seats=20)
        document = customer.documents.write(project.id, "Shared", "text")
        team = {Role.OWNER: customer} | {role: people.colleague(customer, role) for role in (Role.ADMIN, Role.EDITOR, Role.VIEWER)}
        spare = {role: provisioning.create(customer) for role in team}

    for role, who in team.items():
        with step(f"act as {role}"):
            for name, act in acts(who, team[Role.VIEWER], project, document, spare[role]).items():
                if role in ALLOWED[name]:
                    act()
                else:
                    with refused(Reason.FORBIDDEN, doing=f"as {role}, to {name}"):
                        act()


def acts(who: Customer, viewer: Customer, project: Project, document: Document, spare: Project) -> dict[str, Callable[[], object]]:
    """Return what somebody tries, by the names of `ALLOWED`."""
    return {
        "read a document": lambda: who.documents.read(project.id, document.id),
        "write a document": lambda: who.documents.write(project.id, "By role", "x"),
        "create a project": lambda: provisioning.request(who),
        "invite somebody": lambda: who.people.invite(who.site.identity().email, Role.VIEWER),
        "delete a project": lambda: who.lifecycle.perform(spare.id, Action.DELETE),
        "change a role": lambda: who.people.set_role(viewer.email, Role.VIEWER),
        "make an owner": lambda: who.people.set_role(who.email, Role.OWNER),
        "see to the bill": lambda: who.billing.change_plan("free"),
    }
