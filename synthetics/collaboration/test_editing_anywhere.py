"""Two people in the middle of one text."""

from flows import editing, people
from flows.contract.accounts import Newcomers
from flows.contract.documents import Documents, FreeEditing, LiveEditing, Pen
from flows.contract.people import Invitations, People, Role
from flows.contract.projects import Project
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step
from flows.waiting import settled, together

TEXT = "🙂 one, two, three."


@scenario(
    "collaboration.editing-anywhere",
    owner="workspace",
    risk="lost-edits",
    severity="error",
    failure="integrity",
    needs=(Newcomers, Documents, LiveEditing, FreeEditing, People, Invitations, Role.EDITOR),
)
def test_two_who_write_and_strike_out_anywhere_end_with_the_text_that_both_meant(customer: Customer, project: Project) -> None:
    """Two people who write at the start and the end of one document at once, or strike out before the other's words, end with what both meant."""
    document = customer.documents.write(project.id, "Anywhere", TEXT)
    other = people.colleague(customer, Role.EDITOR)
    mine, theirs = editing.open_pen(customer.twin(), project, document), editing.open_pen(other.twin(), project, document)

    with step("write at the start and at the end at once"):
        together(lambda: mine.type_at_start("So: "), lambda: theirs.type_at_end(" Go!"))
    await_both(customer, mine, theirs, expected := f"So: {TEXT} Go!")
    with step("strike out a part while the other writes behind it"):
        together(lambda: mine.strike(" two,"), lambda: theirs.type_at_end(" Now."))
    await_both(customer, mine, theirs, expected := expected.replace(" two,", "") + " Now.")
    with step("strike out a part while the other writes before it"):
        together(lambda: mine.strike(" three"), lambda: theirs.type_at_start("Well. "))
    await_both(customer, mine, theirs, expected := "Well. " + expected.replace(" three", ""))

    later = editing.open_pen(other.twin(), project, document)
    assert later.text() == expected, f"whoever opens the document later is shown {later.text()!r}, not {expected!r}"
    late = customer.site.budget("agreement")
    kept = settled(lambda: customer.documents.read(project.id, document.id).body, when=lambda body: body == expected, within=late, of="the stored text")
    assert kept == expected, f"stored is {kept!r}, and the editors show {expected!r}"


def await_both(customer: Customer, mine: Pen, theirs: Pen, text: str) -> None:
    """Wait until both editors show this text."""
    for pen in (mine, theirs):
        editing.await_exactly(customer, pen, text)
