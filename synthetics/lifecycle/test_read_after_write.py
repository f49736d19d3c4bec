"""What was saved is there."""

from flows.contract.documents import Documents
from flows.contract.projects import Project, Projects
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step
from flows.waiting import settled

BODIES = ("again and again, in any script: äß✓ 漢字 🙂", "again", "again and again")
"""What is saved, one after the other: as little changes as can be, or a part that stands there twice goes and comes."""
READS = 4
"""So often each is read: where a product has several servers, only one of them may lag behind."""


@scenario("lifecycle.read-after-write", owner="platform", risk="lost-edits", severity="error", failure="integrity", needs=(Projects, Documents))
def test_what_was_saved_is_read_at_once(customer: Customer, project: Project) -> None:
    """A document that was saved is read as it was saved: at once by who saved it, however often, and within seconds in another window."""
    document = customer.documents.write(project.id, "Saved", "at first")
    for body in BODIES:
        before, document = document, customer.documents.update(project.id, document, body)
        said, saved = (document.title, document.body), (before.title, body)
        assert said == saved, f"'{before.title}' was saved as {body!r}, and the product says that it has '{document.title}' as {document.body!r}"
        with step("read it back, again and again"):
            for again in range(READS):
                read = customer.documents.read(project.id, document.id).body
                assert read == body, f"a document that was saved as {body!r} is read by who saved it as {read!r} (look {again + 1} of {READS})"
        seen = seen_beside(customer.twin(), project, document.id, body)
        assert seen == body, f"a document that was saved as {body!r} is read in another window as {seen!r}"


def seen_beside(other: Customer, project: Project, document: str, body: str) -> str:
    """Return what another window shows, once it is `body`; what it is in the end, if that does not come in time."""
    late = other.site.budget("agreement")
    return settled(lambda: other.documents.read(project.id, document).body, when=lambda seen: seen == body, within=late, of="the document, in another window")
