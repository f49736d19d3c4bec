"""Deleted is not to be seen."""

from flows import editing, lifecycle
from flows.contract.accounts import ApiTokens
from flows.contract.documents import Documents, LiveEditing
from flows.contract.lifecycle import Action
from flows.contract.projects import Project, Projects
from flows.refusal import refused
from flows.scenario import scenario
from flows.site import Customer


@scenario(
    "lifecycle.soft-delete-hides",
    owner="platform",
    risk="zombie-access",
    severity="critical",
    failure="integrity",
    needs=(Projects, Documents, Action.DELETE),
)
def test_a_deleted_project_is_hidden_everywhere(customer: Customer, project: Project) -> None:
    """A deleted project is hidden on every surface, its documents cannot be read, and its live connections stop."""
    document = customer.documents.write(project.id, "Gone", "soon")
    bearer = customer.bearing(customer.accounts.issue_token()) if customer.offers(ApiTokens) else None
    window = customer.twin()
    pen = editing.open_pen(window, project, document) if customer.offers(LiveEditing) else None

    lifecycle.delete(customer, project)

    for who, called in ((customer, "its owner"), *([(bearer, "an API token")] if bearer else [])):
        with refused(*lifecycle.HIDDEN, doing=f"opening a deleted project as {called}"):
            who.projects.project(project.id)
        with refused(*lifecycle.HIDDEN, doing=f"reading a document of a deleted project as {called}"):
            who.documents.read(project.id, document.id)
    if pen:
        editing.await_cut_off(window, pen)
