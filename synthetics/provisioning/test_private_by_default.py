"""Nobody is let in by accident."""

from flows.contract.accounts import Newcomers
from flows.contract.people import People, Role
from flows.contract.projects import Project, Projects
from flows.scenario import scenario
from flows.site import Customer


@scenario("provisioning.private-by-default", owner="platform", risk="data-leak", severity="critical", failure="integrity", needs=(Newcomers, Projects, People))
def test_a_new_project_is_private_and_its_creator_the_only_owner(customer: Customer, project: Project) -> None:
    """A new project is private, and its creator is its only owner."""
    seen = customer.projects.project(project.id)
    members = {member.email: member.role for member in customer.people.members()}

    assert seen.private, f"project {seen.name} is not private when it is made"
    assert seen.owner == customer.email, f"project {seen.name}, made by {customer.email}, is owned by {seen.owner}"
    assert members == {customer.email: Role.OWNER}, f"a new workspace has the members {members}"
