"""What each role may do to a project that is there."""

from flows import lifecycle, people, provisioning
from flows.blame import arranging
from flows.contract.accounts import Newcomers
from flows.contract.driver import Surface
from flows.contract.lifecycle import Action
from flows.contract.operator import Limits
from flows.contract.people import USUAL, Invitations, People, Right, Role, RoleRules
from flows.contract.projects import FailingOnce, Project, Projects, State
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step

LIFE = (
    (Right.ARCHIVE, Action.ARCHIVE),
    (Right.ARCHIVE, Action.UNARCHIVE),
    (Right.DELETE, Action.DELETE),
    (Right.RESTORE, Action.RESTORE),
    (Right.DELETE, Action.DELETE),
    (Right.PURGE, Action.PURGE),
)
"""What a project goes through, and the right that each step takes."""


@scenario(
    "collaboration.roles-over-projects",
    owner="workspace",
    risk="privilege-kept",
    severity="error",
    failure="integrity",
    needs=(Newcomers, People, Invitations, Projects, Limits, Action.DELETE),
    surfaces=(Surface.API,),  # on the pages it is one click a refusal, and as long as a third of a sweep
    deadline=240,
)
def test_every_role_moves_a_project_as_far_as_it_may(customer: Customer) -> None:
    """Each role can archive, delete, restore, purge and retry projects as far as it is allowed to, and is refused the rest."""
    rights = customer.people.rights() if customer.offers(RoleRules) else USUAL
    with arranging("a team with every role, and a project for each"):
        assert customer.workspace
        customer.site.operator().set_limits(customer.workspace, projects=20, seats=20)
        team = {Role.OWNER: customer} | {role: people.colleague(customer, role) for role in Role if role is not Role.OWNER and customer.offers(role)}
        projects = {role: provisioning.request(customer) for role in team}
        retried = customer.offers(FailingOnce) and customer.can(Action.RETRY)
        broken = {role: provisioning.request(customer, customer.projects.failing_once()) for role in team if retried}
        for role in team:
            provisioning.await_state(customer, projects[role], State.ACTIVE, never=provisioning.ENDED)
        for each in broken.values():
            provisioning.await_state(customer, each, State.FAILED)

    for role, who in team.items():
        with step(f"act as {role}"):
            for right, action in LIFE:
                if customer.can(action):
                    move(who if right in rights[role] else customer, projects[role], action, beyond=None if right in rights[role] else (role, who))
            if retried:
                allowed = Right.RETRY in rights[role]
                move(who if allowed else customer, broken[role], Action.RETRY, beyond=None if allowed else (role, who))


def move(able: Customer, project: Project, action: Action, *, beyond: tuple[Role, Customer] | None) -> None:
    """Take a project one step further, by somebody who may; before, `beyond` whose role that is must be refused it."""
    if beyond:
        role, who = beyond
        reasons = lifecycle.HIDDEN if action in {Action.RESTORE, Action.PURGE} else (Reason.FORBIDDEN,)
        with refused(*reasons, doing=f"as {role}, the action '{action}'"):
            who.lifecycle.perform(project.id, action)
    if action is Action.DELETE:
        lifecycle.delete(able, project)
        return
    with step(f"{action} the project"):
        able.lifecycle.perform(project.id, action)
    if action is not Action.PURGE:
        provisioning.await_state(able, project, lifecycle.LEADS_TO.get(action, State.ACTIVE))
