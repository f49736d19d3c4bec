"""Each role can do what it may, and nothing else."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flows import editing, people, provisioning
from flows.blame import arranging
from flows.contract.accounts import Newcomers
from flows.contract.billing import Billing
from flows.contract.documents import Document, Documents, LiveEditing
from flows.contract.lifecycle import Action
from flows.contract.operator import Limits
from flows.contract.people import USUAL, Invitation, Invitations, Ownership, People, Right, Role, RoleRules
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
        pending = customer.people.invite(customer.site.identity().email, lowest)

    for role, who in team.items():
        with step(f"act as {role}"):
            bystander = next(each for each in reversed(team.values()) if each is not who)
            for each in attempts(who, team[lowest], lowest, bystander, project, document, spare[role], plan, pending):
                if each.right not in rights[role]:
                    with refused(*each.refused, doing=f"as {role}, to {each.doing or each.right}"):
                        each.act()
                elif each.harmless:
                    each.act()
    assert pending.id in {each.id for each in customer.people.invitations()}, "an invitation is gone that nobody was allowed to take back"
    if Role.ADMIN in team and lowest is not Role.ADMIN and Right.CROWN not in rights[Role.ADMIN]:
        with step("make a second owner"):
            customer.people.set_role(team[lowest].email, Role.OWNER)
        with refused(Reason.FORBIDDEN, doing="as admin, to make one of two owners less"):
            team[Role.ADMIN].people.set_role(team[lowest].email, lowest)
        with refused(Reason.FORBIDDEN, doing="as admin, to remove one of two owners"):
            team[Role.ADMIN].people.remove(team[lowest].email)


@dataclass(frozen=True)
class Attempt:
    """Something that takes a right; `doing` in words, where it is not what the right is called by. What is not `harmless` is tried only to be refused.

    `refused` is how: what somebody is not even shown is not there for them.
    """

    right: Right
    act: Callable[[], object]
    doing: str = ""
    harmless: bool = True
    refused: tuple[Reason, ...] = (Reason.FORBIDDEN,)


def attempts(
    who: Customer,
    lowest: Customer,
    role: Role,
    bystander: Customer,
    project: Project,
    document: Document,
    spare: Project,
    plan: str,
    pending: Invitation,
) -> Iterator[Attempt]:
    """Yield what somebody tries.

    `lowest` is somebody of the lowest `role`, who keeps it; `bystander` is anybody else; `plan` is the one that the workspace has, and keeps.
    `pending` is an invitation that nobody accepts.
    """
    yield Attempt(Right.READ, lambda: who.documents.read(project.id, document.id))
    yield Attempt(Right.WRITE, lambda: who.documents.write(project.id, who.site.fresh_name(), "x"))
    yield Attempt(
        Right.WRITE, lambda: who.documents.update(project.id, who.documents.read(project.id, document.id), who.site.fresh_name()), "change a document"
    )
    if who.offers(LiveEditing):
        yield Attempt(Right.WRITE, lambda: editing.type_once(who, project, document, "x"), "write in the live editor")
    yield Attempt(Right.CREATE, lambda: provisioning.request(who))
    yield Attempt(Right.INVITE, lambda: who.people.invite(who.site.identity().email, role))
    unseen = (Reason.FORBIDDEN, Reason.NOT_FOUND)
    yield Attempt(Right.INVITE, lambda: who.people.revoke(pending.id), "take an invitation back", harmless=False, refused=unseen)
    yield Attempt(Right.DELETE, lambda: who.lifecycle.perform(spare.id, Action.DELETE))
    yield Attempt(Right.MANAGE, lambda: who.people.set_role(lowest.email, role))
    yield Attempt(Right.MANAGE, lambda: who.people.remove(bystander.email), "remove a member", harmless=False)
    yield Attempt(Right.CROWN, lambda: who.people.set_role(who.email, Role.OWNER))
    yield Attempt(Right.CROWN, lambda: who.people.invite(who.site.identity().email, Role.OWNER), "invite an owner", harmless=False)
    if who.offers(Ownership):
        yield Attempt(Right.CROWN, lambda: who.people.transfer(bystander.email), "hand the workspace over", harmless=False)
    if who.offers(Billing):
        yield Attempt(Right.PAY, lambda: who.billing.change_plan(plan))
