"""Another name, the same thing."""

from flows import people
from flows.contract.documents import Documents
from flows.contract.lifecycle import Renaming
from flows.contract.people import Invitations, People, Role
from flows.contract.projects import Project, Projects
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "lifecycle.rename",
    owner="platform",
    risk="lifecycle-corrupt",
    severity="warning",
    failure="integrity",
    needs=(Projects, Documents, Renaming, People, Invitations),
)
def test_renaming_keeps_links_and_rights(customer: Customer, project: Project) -> None:
    """A renamed project keeps its address, its documents and the rights of its people, and shows its new name everywhere."""
    document = customer.documents.write(project.id, "Kept", "under any name")
    viewer = people.colleague(customer, Role.VIEWER)
    name = customer.site.fresh_name()

    with step("rename the project"):
        customer.lifecycle.rename(project.id, name)

    for who in (customer, viewer):
        assert who.projects.project(project.id).name == name, f"{who.email} sees the old name under the old address"
        assert [each.name for each in who.projects.projects()] == [name], f"{who.email} sees another name in the list"
        assert who.documents.read(project.id, document.id).body == document.body
    with refused(Reason.FORBIDDEN, doing="renaming as a viewer"):
        viewer.lifecycle.rename(project.id, customer.site.fresh_name())
