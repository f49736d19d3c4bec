"""Each limit guards its own door."""

from flows import people, provisioning, quota
from flows.contract.accounts import Newcomers
from flows.contract.documents import Documents
from flows.contract.people import Invitations, Role
from flows.contract.projects import Project, Projects
from flows.contract.quotas import QuotaCodes, Quotas, SeatQuota, StorageQuota
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step

SEATS, BYTES = 12, 1_000_000
"""How many seats are filled at the most, with a mail for each, and how many bytes are sent."""


@scenario(
    "quota.every-dimension",
    owner="billing",
    risk="quota-bypassed",
    severity="error",
    failure="integrity",
    needs=(Newcomers, Projects, Quotas, SeatQuota, StorageQuota, Invitations, Documents),
)
def test_seats_and_storage_are_limited_each_on_its_own(customer: Customer, project: Project) -> None:
    """Seats and storage are limited each on its own: what is full refuses, the rest goes on, and a shorter document gives room."""
    quota.require_room(customer, 1)
    usage = quota.small_enough(customer, seats=SEATS, storage=BYTES)
    guest = people.below(customer, Role.VIEWER)
    with step("fill the seats"):
        assert usage.seats is not None
        for _ in range(quota.limit_of(usage.seats, "seats") - usage.seats.used):
            customer.people.invite(customer.site.identity().email, guest)
        with refused(Reason.QUOTA, doing="inviting one person more than there are seats") as seats:
            customer.people.invite(customer.site.identity().email, guest)
    assert seats.dimension == "seats", f"a full house of seats is refused for {seats.dimension}"
    if customer.offers(QuotaCodes):
        assert (seats.limit, seats.usage) == (usage.seats.limit, usage.seats.limit), f"a full house of {usage.seats.limit} seats is refused as {seats.value}"

    with step("fill the storage"):
        assert usage.storage is not None
        room = quota.limit_of(usage.storage, "storage") - usage.storage.used
        full = customer.documents.write(project.id, "As much as fits", "x" * room)
        with refused(Reason.QUOTA, doing="storing one byte more than fits") as storage:
            customer.documents.write(project.id, "One byte more", "x")
        with refused(Reason.QUOTA, doing="growing a document by one byte more than fits") as growth:
            customer.documents.update(project.id, full, full.body + "x")
    assert storage.dimension == "storage", f"a full store is refused for {storage.dimension}"
    assert growth.dimension == "storage", f"a document that grows over a full store is refused for {growth.dimension}"
    if customer.offers(QuotaCodes):
        for refusal in (storage, growth):
            named = (refusal.limit, refusal.usage)
            assert named == (usage.storage.limit, usage.storage.limit), f"{usage.storage.limit} stored bytes are refused as {refusal.value}"
    assert len(customer.documents.read(project.id, full.id).body) == room

    with step("shorten a document, and store in its place"):
        customer.documents.update(project.id, full, "")
        quota.await_storage_used(customer, usage.storage.used)
        customer.documents.write(project.id, "In its place", "x")

    with step("go on with projects"):
        provisioning.create(customer)
