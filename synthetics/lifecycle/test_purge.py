"""Deleted for good."""

from flows import lifecycle, provisioning, quota
from flows.contract.documents import Documents
from flows.contract.lifecycle import Action, Trash
from flows.contract.operator import RetentionCalendar
from flows.contract.projects import Project, Projects, State
from flows.contract.quotas import Quotas, StorageQuota
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step
from flows.waiting import eventually, settled

SIZE = 1000
"""Bytes of each document."""

GONE = (*lifecycle.HIDDEN, Reason.ILLEGAL_TRANSITION)


@scenario(
    "lifecycle.purge",
    owner="platform",
    risk="half-erased",
    severity="error",
    failure="integrity",
    needs=(Projects, Documents, Trash, Action.DELETE, Action.RESTORE, Action.PURGE, RetentionCalendar),
)
def test_what_is_deleted_for_good_is_gone(customer: Customer, project: Project) -> None:
    """A project that is deleted for good, or whose time to be restored is over, is gone: listed nowhere, not to be restored, and nothing of it is stored."""
    quota.require_room(customer, 1)
    stored = held(customer)
    other = provisioning.create(customer)
    for each in (project, other):
        customer.documents.write(each.id, "Gone", "x" * SIZE)
    if stored is not None:
        full = settled(lambda: held(customer), when=lambda seen: seen == stored + 2 * SIZE, within=customer.site.budget("agreement"), of="stored bytes")
        assert full == stored + 2 * SIZE, f"two documents of {SIZE} bytes were written, and {full} bytes are stored, where it was {stored} before"
    for each in (project, other):
        lifecycle.delete(customer, each)

    with step("delete one for good"):
        customer.lifecycle.perform(project.id, Action.PURGE)
    with step("let the time to restore the other end"):
        customer.site.operator().end_retention(other.id)

    for each, how in ((project, "deleted for good"), (other, "deleted, and whose time is over,")):
        await_gone(customer, each, how)
        with refused(*GONE, doing=f"restoring a project that was {how}"):
            customer.lifecycle.perform(each.id, Action.RESTORE)
        assert lifecycle.seen(customer, each) == "hidden", f"a project that was {how} is to be seen again"
    if stored is not None:
        left = settled(lambda: held(customer), when=lambda seen: seen == stored, within=customer.site.budget("agreement"), of="stored bytes")
        assert left == stored, f"{stored} bytes were stored before two projects were made, and {left} are once both are deleted for good"


def await_gone(customer: Customer, project: Project, how: str) -> None:
    """Wait until a project is not among the deleted ones any more."""
    eventually(
        lambda: {each.id for each in customer.lifecycle.trash()},
        reaches="gone",
        within=customer.site.budget("deletion", "agreement"),
        of=f"project {project.name}, {how}",
        state=lambda trash: State.DELETED if project.id in trash else "gone",
    )


def held(customer: Customer) -> int | None:
    """Return how many bytes count as stored, where the product counts them."""
    if not customer.offers_all(Quotas, StorageQuota):
        return None
    meter = customer.quotas.usage().storage
    return meter.used if meter else None
