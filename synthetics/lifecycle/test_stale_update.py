"""Nobody's work is overwritten in silence."""

from flows.contract.documents import Documents, VersionedDocuments
from flows.contract.projects import Project, Projects
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "lifecycle.stale-update",
    owner="platform",
    risk="lost-edits",
    severity="error",
    failure="integrity",
    needs=(Projects, Documents, VersionedDocuments),
)
def test_a_stale_update_conflicts_and_overwrites_nothing(customer: Customer, project: Project) -> None:
    """A save on a version that is no more the newest is refused as a conflict, and overwrites nothing; on the newest it succeeds."""
    read_before = customer.documents.write(project.id, "Shared", "as both have read it")
    with step("save it in another window"):
        customer.twin().documents.update(project.id, read_before, "saved first")

    with refused(Reason.CONFLICT, doing="saving a document on a version that is no more the newest"):
        customer.documents.update(project.id, read_before, "saved second")

    newest = customer.documents.read(project.id, read_before.id)
    assert newest.body == "saved first", f"what was saved first is gone: the document is now {newest.body!r}"
    customer.documents.update(project.id, newest, "saved third")
    kept = customer.documents.read(project.id, newest.id).body
    assert kept == "saved third", f"a save on the newest version was not kept: the document is {kept!r}"
