"""Finding again what was written."""

from flows import people
from flows.contract.accounts import Newcomers
from flows.contract.documents import DocumentList, Documents
from flows.contract.people import Invitations, People, Role
from flows.contract.projects import Project, Projects
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step
from flows.waiting import settled

COUNT = 3


@scenario("lifecycle.document-list", owner="platform", risk="data-lost", severity="error", failure="integrity", needs=(Projects, Documents, DocumentList))
def test_every_document_is_listed_and_holds_its_own_text(customer: Customer, project: Project) -> None:
    """Every document of a project is listed by its title, for each of its people, and holds the text that was written into it and no other."""
    there = customer.documents.documents(project.id)
    with step(f"write {COUNT} documents"):
        written = [customer.documents.write(project.id, customer.site.fresh_name(), f"the text of document {number + 1}") for number in range(COUNT)]
    expected = there | {each.id: each.title for each in written}
    assert len(expected) == len(there) + COUNT, f"{COUNT} documents were written, and they have the ids {[each.id for each in written]}"
    viewer = people.colleague(customer, Role.VIEWER) if customer.offers_all(Newcomers, People, Invitations, Role.VIEWER) else None

    for who in filter(None, (customer, viewer)):
        listed = listed_to(who, project, expected)
        assert listed == expected, (
            f"of {len(expected)} documents {who.email} is shown {len(listed)}: {sorted(listed.values())}, not {sorted(expected.values())}"
        )
        for number, each in enumerate(written):
            read = who.documents.read(project.id, each.id)
            assert (read.title, read.body) == (each.title, f"the text of document {number + 1}"), f"'{each.title}' is read as '{read.title}': {read.body!r}"


def listed_to(who: Customer, project: Project, expected: dict[str, str]) -> dict[str, str]:
    """Return the documents that somebody is shown, once they are those that are expected; what is shown in the end, if that does not come in time."""
    late = who.site.budget("agreement")
    return settled(lambda: who.documents.documents(project.id), when=lambda seen: seen == expected, within=late, of="the list of documents")
