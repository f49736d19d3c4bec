"""Suspended, not lost."""

from flows import editing, lifecycle, provisioning
from flows.contract.documents import Documents, LiveEditing
from flows.contract.lifecycle import Action, Renaming, StaffActions
from flows.contract.projects import Project, Projects, State
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer


@scenario(
    "lifecycle.suspend-resume",
    owner="platform",
    risk="zombie-access",
    severity="error",
    failure="integrity",
    needs=(Projects, Documents, Action.SUSPEND, Action.RESUME),
)
def test_suspending_blocks_use_and_resuming_restores_it(customer: Customer, project: Project) -> None:
    """Suspending a project blocks its use, keeps its data and is not its customer's to end; resuming restores both."""
    document = customer.documents.write(project.id, "Kept", "before the suspension")
    pen = editing.open_pen(customer.twin(), project, document) if customer.offers(LiveEditing) else None

    lifecycle.perform(customer, project, Action.SUSPEND)
    with refused(Reason.SUSPENDED, doing="changing a document of a suspended project"):
        customer.documents.update(project.id, document, "during the suspension")
    with refused(Reason.SUSPENDED, doing="writing into a suspended project"):
        customer.documents.write(project.id, "New", "during the suspension")
    if customer.offers(Renaming):
        with refused(Reason.SUSPENDED, *lifecycle.NOT_OFFERED, doing="renaming a suspended project"):
            customer.lifecycle.rename(project.id, customer.site.project_name())
    if customer.offers(StaffActions):
        with refused(*lifecycle.HIDDEN, Reason.UNAUTHENTICATED, doing="ending the suspension oneself"):
            customer.lifecycle.perform_oneself(project.id, Action.RESUME)
        assert customer.projects.project(project.id).state is State.SUSPENDED, "a customer was refused to end a suspension, and has ended it"
    if pen:
        editing.await_cut_off(customer, pen)

    resumed = lifecycle.perform(customer, project, Action.RESUME)
    assert not resumed.reason, f"a resumed project still says why it was suspended: {resumed.reason}"
    assert customer.documents.read(project.id, document.id).body == document.body, "the data changed while the project was suspended"
    provisioning.use(customer, project)
