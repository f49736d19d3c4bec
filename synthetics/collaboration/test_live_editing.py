"""Two people, one text."""

from flows import editing, people
from flows.contract.accounts import Newcomers
from flows.contract.documents import Documents, LiveEditing
from flows.contract.people import Invitations, People, Role
from flows.contract.projects import Project
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step
from flows.waiting import eventually, settled, together


@scenario(
    "collaboration.live-editing",
    owner="workspace",
    risk="lost-edits",
    severity="critical",
    failure="integrity",
    needs=(Newcomers, Documents, LiveEditing, People, Invitations, Role.EDITOR),
)
def test_two_editors_see_each_other_and_converge(customer: Customer, project: Project) -> None:
    """Two people who edit one document see each other's changes live, lose none when they type at once, and end with the same text, which is kept."""
    document = customer.documents.write(project.id, "Together", "begin.")
    other = people.colleague(customer, Role.EDITOR)
    mine, theirs = editing.open_pen(customer.twin(), project, document), editing.open_pen(other.twin(), project, document)

    with step("type in turn"):
        mine.type_at_end(" first;")
        editing.await_text(other, theirs, "begin.", " first;")
        theirs.type_at_end(" second;")
        editing.await_text(customer, mine, "begin.", " first;", " second;")
    with step("type at once"):
        together(lambda: mine.type_at_end(" mine;"), lambda: theirs.type_at_end(" theirs;"))
        parts = ("begin.", " first;", " second;", " mine;", " theirs;")
        editing.await_text(customer, mine, *parts)
        editing.await_text(other, theirs, *parts)

    eventually(
        lambda: (mine.text(), theirs.text()),
        reaches="the same",
        within=customer.site.budget("live"),
        of="the two editors' texts",
        state=lambda texts: "the same" if texts[0] == texts[1] else f"{texts[0]!r} and {texts[1]!r}",
    )
    assert len(mine.text()) == len("".join(parts)), f"something stands there twice: {mine.text()!r}"
    both = {customer.email, other.email}
    shown = settled(mine.present, when=lambda there: there == both, within=customer.site.budget("live"), of="those shown as present")
    assert shown == both, f"shown as present: {shown}"
    kept = settled(
        lambda: customer.documents.read(project.id, document.id).body,
        when=lambda body: body == mine.text(),
        within=customer.site.budget("agreement"),
        of="the stored text",
    )
    assert kept == mine.text(), "what is stored is not what the editors show"
    with step("leave as the other"):
        theirs.close()
    eventually(
        mine.present,
        reaches="alone",
        within=customer.site.budget("live"),
        of="those shown as present",
        state=lambda there: "alone" if there == {customer.email} else f"{len(there)} people",
    )
