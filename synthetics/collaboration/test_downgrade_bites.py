"""Less power, at once and everywhere."""

from flows import editing, people
from flows.contract.accounts import ApiTokens, Newcomers
from flows.contract.documents import Documents, LiveEditing
from flows.contract.people import Invitations, People, Role
from flows.contract.projects import Project
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "collaboration.downgrade-bites",
    owner="workspace",
    risk="privilege-kept",
    severity="critical",
    failure="integrity",
    needs=(Newcomers, People, Invitations, Documents, Role.EDITOR, Role.VIEWER),
)
def test_a_downgrade_bites_session_token_and_open_editor(customer: Customer, project: Project) -> None:
    """Somebody made a viewer can no longer write: not in the open session, not by a token, not in an editor that was open before."""
    document = customer.documents.write(project.id, "Shared", "text")
    editor = people.colleague(customer, Role.EDITOR)
    held = [(editor, "the session")]
    if customer.offers(ApiTokens):
        held.append((editor.bearing(editor.accounts.issue_token()), "an API token"))
    window, pen = editor.twin(), None
    if customer.offers(LiveEditing):
        pen = editing.open_pen(window, project, document)
        pen.type_at_end(" and more")

    with step("make the editor a viewer"):
        customer.people.set_role(editor.email, Role.VIEWER)

    for who, by in held:
        with refused(Reason.FORBIDDEN, doing=f"writing as a viewer by {by}"):
            who.documents.write(project.id, "Too much", "x")
        assert who.documents.read(project.id, document.id).title == document.title, f"a viewer cannot read by {by}"
    if pen:
        editing.await_cut_off(window, pen)
