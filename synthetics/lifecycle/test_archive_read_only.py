"""Archived is for reading."""

from flows import editing, lifecycle, provisioning, quota
from flows.contract.documents import Documents, LiveEditing
from flows.contract.lifecycle import Action, Renaming
from flows.contract.projects import Project, Projects
from flows.contract.quotas import KeptPlaces, StorageQuota
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.waiting import settled


@scenario(
    "lifecycle.archive-read-only",
    owner="platform",
    risk="lifecycle-corrupt",
    severity="warning",
    failure="integrity",
    needs=(Projects, Documents, Action.ARCHIVE, Action.UNARCHIVE),
)
def test_an_archived_project_can_be_read_and_not_written(customer: Customer, project: Project) -> None:
    """An archived project can be read and not written; unarchived, it can be written again."""
    document = customer.documents.write(project.id, "Kept", "before the archive")
    pen = editing.open_pen(customer.twin(), project, document) if customer.offers(LiveEditing) else None
    late, size = customer.site.budget("agreement"), len(document.body.encode())
    stored = None
    if customer.offers_all(KeptPlaces, StorageQuota):
        stored = settled(lambda: customer.quotas.usage().storage, when=lambda seen: seen is None or seen.used >= size, within=late, of="storage")

    lifecycle.perform(customer, project, Action.ARCHIVE)
    assert customer.documents.read(project.id, document.id).body == document.body
    with refused(Reason.READ_ONLY, doing="changing a document of an archived project"):
        customer.documents.update(project.id, document, "in the archive")
    with refused(Reason.READ_ONLY, doing="writing into an archived project"):
        customer.documents.write(project.id, "New", "in the archive")
    if customer.offers(Renaming):
        with refused(Reason.READ_ONLY, *lifecycle.NOT_OFFERED, doing="renaming an archived project"):
            customer.lifecycle.rename(project.id, customer.site.project_name())
    if customer.offers(KeptPlaces):
        used, there = quota.settled_usage(customer).projects.used, quota.counting(customer.projects.projects())
        assert used == there, f"{there} projects are there, one of them archived, and {used} count as used"
    if stored:
        kept = settled(lambda: customer.quotas.usage().storage, when=lambda seen: seen == stored, within=late, of="storage")
        assert kept == stored, f"a project was archived with all that it holds, and the storage in use is {kept} since, not {stored}"
    if pen:
        editing.await_cut_off(customer, pen)

    lifecycle.perform(customer, project, Action.UNARCHIVE)
    assert customer.documents.read(project.id, document.id).body == document.body, "the data changed in the archive"
    provisioning.use(customer, project)
