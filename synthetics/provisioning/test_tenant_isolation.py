"""What is mine is not seen by others."""

from collections.abc import Callable
from functools import partial

from flows import provisioning, signup
from flows.contract.accounts import Newcomers
from flows.contract.billing import BillAddress
from flows.contract.documents import Document, DocumentDeletion, DocumentList, Documents, LiveEditing
from flows.contract.lifecycle import Action, Audit, Renaming
from flows.contract.people import Workspaces
from flows.contract.projects import Project, Projects, State, UniqueNames
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step

HIDDEN = (Reason.NOT_FOUND, Reason.FORBIDDEN)


@scenario(
    "provisioning.tenant-isolation", owner="platform", risk="data-leak", severity="critical", failure="integrity", needs=(Newcomers, Projects, Action.DELETE)
)
def test_another_tenant_cannot_see_a_project(customer: Customer, project: Project) -> None:
    """Another tenant cannot list, open, read, change or delete a project, even knowing its id; its owner still can. Its name is anybody's to use."""
    document = customer.documents.write(project.id, "Private", "for the owner alone") if customer.offers(Documents) else None
    other = signup.newcomer(customer.site)

    assert project.id not in [each.id for each in other.projects.projects()], "another tenant's list shows the project"
    for doing, way in ways(customer, other, project, document).items():
        with step(f"try {doing}"), refused(*HIDDEN, doing=doing):
            way()

    if customer.offers(UniqueNames):
        with step("ask for a project of the same name as another tenant"):
            namesake = provisioning.request(other, name=project.name)
        assert namesake.id != project.id, "another tenant asked for a project of the same name, and was given this one"
    assert customer.projects.project(project.id).state is State.ACTIVE, "the project is not what it was, though all that another tenant tried was refused"
    if document:
        assert customer.documents.read(project.id, document.id).body == document.body


def ways(customer: Customer, other: Customer, project: Project, document: Document | None) -> dict[str, Callable[[], object]]:
    """Return how somebody else tries to get at what is not theirs, by each door that the product has."""
    doors: dict[str, Callable[[], object]] = {"opening another tenant's project by its id": lambda: other.projects.project(project.id)}
    if document:
        doors |= {
            "reading another tenant's document": lambda: other.documents.read(project.id, document.id),
            "writing into another tenant's project": lambda: other.documents.write(project.id, "Intruder", "x"),
            "changing another tenant's document": lambda: other.documents.update(project.id, document, "x"),
        }
    if customer.offers(DocumentList):
        doors["listing the documents of another tenant's project"] = lambda: other.documents.documents(project.id)
    if document and customer.offers(DocumentDeletion):
        doors["deleting another tenant's document"] = lambda: other.documents.delete(project.id, document.id)
    if customer.offers(Audit):
        doors["reading another tenant's audit log"] = lambda: other.lifecycle.audit(project.id)
    if document and customer.offers(LiveEditing):
        doors["opening another tenant's document in the live editor"] = lambda: other.documents.open(project.id, document.id)
    if customer.offers(Workspaces):
        doors["entering another tenant's workspace"] = lambda: other.people.enter(customer.workspace or "")
    if customer.offers(BillAddress):
        doors["reading another tenant's bill"] = lambda: other.billing.bill_of(customer.workspace or "")
    if customer.offers(Renaming):
        doors["renaming another tenant's project"] = lambda: other.lifecycle.rename(project.id, customer.site.project_name())
    for action in (Action.ARCHIVE, Action.UNARCHIVE, Action.CANCEL, Action.RETRY, Action.RESTORE, Action.PURGE):
        if customer.offers(action):
            doors[f"'{action}' on another tenant's project"] = partial(other.lifecycle.perform, project.id, action)
    return doors | {"deleting another tenant's project": lambda: other.lifecycle.perform(project.id, Action.DELETE)}
