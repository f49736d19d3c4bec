"""Each role can do what it may, and nothing else."""

from collections.abc import Callable

from flows import people, provisioning
from flows.blame import arranging
from flows.contract.accounts import Newcomers
from flows.contract.billing import Billing
from flows.contract.documents import Document, Documents
from flows.contract.lifecycle import Action
from flows.contract.operator import Limits
from flows.contract.people import USUAL, Invitations, People, Right, Role, RoleRules
from flows.contract.projects import Project, Projects
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "collaboration.role-matrix",
    owner="workspace",
    risk="privilege-kept",
    severity="critical",
    failure="integrity",
    needs=(Newcomers, People, Invitations, Projects, Documents, Limits, Action.DELETE),
    deadline=240,
)
def test_every_role_can_do_what_it_may_and_nothing_else(customer: Customer, project: Project) -> None:
    """Owner, admin, editor and viewer can each do all that their role allows, and are refused the rest."""
    rights = customer.people.rights() if customer.offers(RoleRules) else USUAL
    with arranging("a team with every role"):
        assert customer.workspace
        customer.site.operator().set_limits(customer.workspace, projects=20, seats=20)
        document = customer.documents.write(project.id, "Shared", "text")
        team = {Role.OWNER: customer} | {role: people.colleague(customer, role) for role in Role if role is not Role.OWNER and customer.offers(role)}
        spare = {role: provisioning.create(customer) for role in team}
        plan = customer.billing.billing().plan if customer.offers(Billing) else ""
    lowest = list(team)[-1]

    for role, who in team.items():
        with step(f"act as {role}"):
            for right, act in acts(who, team[lowest], lowest, project, document, spare[role], plan).items():
                if right in rights[role]:
                    act()
                else:
                    with refused(Reason.FORBIDDEN, doing=f"as {role}, to {right}"):
                        act()


def acts(who: Customer, lowest: Customer, role: Role, project: Project, document: Document, spare: Project, plan: str) -> dict[Right, Callable[[], object]]:
    """Return what somebody tries: `lowest` is somebody of the lowest `role`, who keeps it; `plan` is the one that the workspace has, and keeps."""
    tried: dict[Right, Callable[[], object]] = {
        Right.READ: lambda: who.documents.read(project.id, document.id),
        Right.WRITE: lambda: who.documents.write(project.id, who.site.fresh_name(), "x"),
        Right.CREATE: lambda: provisioning.request(who),
        Right.INVITE: lambda: who.people.invite(who.site.identity().email, role),
        Right.DELETE: lambda: who.lifecycle.perform(spare.id, Action.DELETE),
        Right.MANAGE: lambda: who.people.set_role(lowest.email, role),
        Right.CROWN: lambda: who.people.set_role(who.email, Role.OWNER),
    }
    return tried | ({Right.PAY: lambda: who.billing.change_plan(plan)} if who.offers(Billing) else {})
