"""A document that is deleted, and no other."""

from flows import editing, people, quota
from flows.contract.accounts import Newcomers
from flows.contract.documents import DocumentDeletion, DocumentList, Documents, LiveEditing
from flows.contract.people import Invitations, People, Role
from flows.contract.projects import Project, Projects
from flows.contract.quotas import Quotas, StorageQuota
from flows.lifecycle import HIDDEN
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step
from flows.waiting import settled


@scenario(
    "lifecycle.document-deleted",
    owner="platform",
    risk="zombie-access",
    severity="critical",
    failure="integrity",
    needs=(Projects, Documents, DocumentDeletion),
)
def test_a_deleted_document_is_gone_for_everybody_and_the_others_stay(customer: Customer, project: Project) -> None:
    """A deleted document is gone for everybody, from the list and from an open editor, and gives back its storage; the others stay, and viewers delete none."""
    kept = customer.documents.write(project.id, "Kept", "beside the deleted one")
    used = quota.storage_used(customer)
    document = customer.documents.write(project.id, "Deleted", "this is to go")
    viewer = people.colleague(customer, Role.VIEWER) if customer.offers_all(Newcomers, People, Invitations, Role.VIEWER) else None
    if viewer:
        with refused(Reason.FORBIDDEN, doing="deleting a document as a viewer"):
            viewer.documents.delete(project.id, document.id)
    window = customer.twin()
    pen = editing.open_pen(window, project, document) if customer.offers(LiveEditing) else None

    with step("delete the document"):
        customer.documents.delete(project.id, document.id)

    if pen:
        editing.await_cut_off(window, pen)
    for who in filter(None, (customer, viewer)):
        with refused(*HIDDEN, doing=f"reading a deleted document as {who.email}"):
            who.documents.read(project.id, document.id)
        read = who.documents.read(project.id, kept.id).body
        assert read == "beside the deleted one", f"a document beside the one that was deleted is read as {read!r}"
        if customer.offers(DocumentList):
            listed = listed_without(who, project, document.id)
            assert document.id not in listed, f"a deleted document is still listed to {who.email}"
            assert kept.id in listed, f"a document beside the one that was deleted is listed no more to {who.email}"
    if customer.offers_all(Quotas, StorageQuota):
        quota.await_storage_used(customer, used)


def listed_without(who: Customer, project: Project, document: str) -> dict[str, str]:
    """Return the documents that somebody is shown, once this is not among them; with it, if it does not go in time."""
    late = who.site.budget("agreement")
    return settled(lambda: who.documents.documents(project.id), when=lambda seen: document not in seen, within=late, of="the list of documents")
