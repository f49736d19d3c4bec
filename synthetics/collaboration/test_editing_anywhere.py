"""Two people in the middle of one text."""

from collections.abc import Callable, Sequence
from functools import partial

from flows import editing, people
from flows.contract.accounts import Newcomers
from flows.contract.documents import Documents, FreeEditing, LiveEditing, Pen
from flows.contract.people import Invitations, People, Role
from flows.contract.projects import Project
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step
from flows.waiting import settled, together

PARTS = (" two,", " three,", " four,", " five,", " six,", " seven,", " eight,", " nine,", " ten,", " eleven,", " twelve,", " thirteen,")
TIMES = len(PARTS) // 2
"""So often each edits while the other does: that two edits meet is a matter of milliseconds."""
TEXT = f"🙂 one,{''.join(PARTS)} fourteen."


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

    expected = TEXT
    for first, last in ((mine, theirs), (theirs, mine)):
        with step("write at the start, and meanwhile at the end"):
            together(partial(each_of, first.type_at_start, ["So: "] * TIMES), partial(each_of, last.type_at_end, [" Go on!"] * TIMES))
        await_both(customer, mine, theirs, expected := "So: " * TIMES + expected + " Go on!" * TIMES)
    for first, last, parts in ((mine, theirs, PARTS[:TIMES]), (theirs, mine, PARTS[TIMES:])):
        with step("strike out one part after the other, and meanwhile write behind them"):
            together(partial(each_of, first.strike, parts), partial(each_of, last.type_at_end, [" Right now."] * TIMES))
        await_both(customer, mine, theirs, expected := expected.replace("".join(parts), "") + " Right now." * TIMES)

    later = editing.open_pen(other.twin(), project, document)
    assert later.text() == expected, f"whoever opens the document later is shown {later.text()!r}, not {expected!r}"
    late = customer.site.budget("agreement")
    kept = settled(lambda: customer.documents.read(project.id, document.id).body, when=lambda body: body == expected, within=late, of="the stored text")
    assert kept == expected, f"stored is {kept!r}, and the editors show {expected!r}"


def each_of(edit: Callable[[str], None], texts: Sequence[str]) -> None:
    """Make one edit after the other."""
    for text in texts:
        edit(text)


def await_both(customer: Customer, mine: Pen, theirs: Pen, text: str) -> None:
    """Wait until both editors show this text."""
    for pen in (mine, theirs):
        editing.await_exactly(customer, pen, text)
