"""A name that is free again."""

from flows import lifecycle, provisioning, quota
from flows.contract.documents import Documents
from flows.contract.lifecycle import Action
from flows.contract.projects import Project, Projects, UniqueNames
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer


@scenario(
    "lifecycle.name-reuse", owner="platform", risk="lifecycle-corrupt", severity="warning", failure="availability", needs=(Projects, Documents, Action.DELETE)
)
def test_a_deleted_projects_name_can_be_used_again(customer: Customer, project: Project) -> None:
    """The name of a deleted project can be used again, for a project that holds nothing of the old one."""
    old = customer.documents.write(project.id, "Old", "of the deleted project")
    lifecycle.delete(customer, project)

    second = provisioning.create(customer, name=project.name)

    assert second.name == project.name
    with refused(*lifecycle.HIDDEN, doing="reading a document of the deleted project in the new one of its name"):
        customer.documents.read(second.id, old.id)
    provisioning.use(customer, second)
    if customer.offers(UniqueNames) and customer.offers(Action.RESTORE):
        quota.require_room(customer, 1)
        with refused(Reason.TAKEN, Reason.ILLEGAL_TRANSITION, doing="restoring a project whose name another has by now"):
            customer.lifecycle.perform(project.id, Action.RESTORE)
