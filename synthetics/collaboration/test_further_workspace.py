"""One person, two workspaces."""

from flows import people, provisioning
from flows.contract.accounts import Newcomers
from flows.contract.people import Founding, Invitations, People, Role, Workspaces
from flows.contract.projects import Project, Projects
from flows.contract.quotas import DocumentedBeginning
from flows.lifecycle import HIDDEN
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step
from flows.waiting import settled


@scenario(
    "collaboration.further-workspace",
    owner="workspace",
    risk="zombie-access",
    severity="error",
    failure="integrity",
    needs=(Newcomers, Projects, People, Invitations, Workspaces, Founding),
)
def test_a_further_workspace_stands_alone_from_its_making_to_its_end(customer: Customer, project: Project) -> None:
    """A further workspace is its founder's alone, with nothing of the first in it; only they rename and delete it, with all that is in it; the first stays."""
    first, name, before = customer.workspace, customer.site.fresh_name(), customer.people.workspace_name()
    assert first
    with step("found a workspace"):
        second = customer.people.found(name)
    mine, inside = customer.people.workspaces(), people.roles(customer)
    assert (mine.get(first), mine.get(second)) == (Role.OWNER, Role.OWNER), f"whoever founded a second workspace sees {mine}"
    assert customer.people.workspace_name() == name, f"a workspace that was founded as '{name}' is called otherwise"
    assert inside == {customer.email: Role.OWNER}, f"in a workspace that was just founded are {inside}"
    assert project.id not in {each.id for each in customer.projects.projects()}, "a new workspace lists a project of another"
    if customer.offers(DocumentedBeginning):
        meter, begins = customer.quotas.usage().projects, customer.quotas.beginning().projects
        assert (meter.used, meter.limit) == (0, begins), f"a new workspace has {meter.used} projects used of {meter.limit}, where it should be 0 of {begins}"
    made = provisioning.create(customer)
    member = people.colleague(customer, people.below(customer, Role.EDITOR))

    for doing, act in {
        "renaming a workspace": lambda: member.people.rename_workspace(customer.site.fresh_name()),
        "deleting a workspace": member.people.delete_workspace,
    }.items():
        with refused(Reason.FORBIDDEN, doing=f"{doing} as who may only write there"):
            act()
    with step("rename the workspace"):
        wanted = customer.site.fresh_name()
        customer.people.rename_workspace(wanted)
    for who in (customer, member):
        called = settled(who.people.workspace_name, when=lambda seen: seen == wanted, within=who.site.budget("agreement"), of="the workspace's name")
        assert called == wanted, f"a workspace that was renamed to '{wanted}' is called '{called}'"
    with step("delete the workspace"):
        customer.people.delete_workspace()

    for who in (customer, member):
        with refused(*HIDDEN, doing="opening a project of a workspace that was deleted"):
            who.projects.project(made.id)
        assert second not in who.people.workspaces(), f"a workspace that was deleted is still listed to {who.email}"
    customer.people.enter(first)
    now = customer.people.workspace_name()
    assert now == before, f"with one workspace, another was renamed, from '{before}' to '{now}'"
    assert project.id in {each.id for each in customer.projects.projects()}, "with one workspace, a project of another was deleted"
