"""A safety net that holds."""

from flows import lifecycle, provisioning, quota
from flows.contract.documents import Documents
from flows.contract.lifecycle import Action
from flows.contract.projects import Project, Projects, State
from flows.contract.quotas import Quotas
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "lifecycle.restore",
    owner="platform",
    risk="data-lost",
    severity="critical",
    failure="integrity",
    needs=(Projects, Documents, Action.DELETE, Action.RESTORE),
)
def test_restoring_brings_everything_back(customer: Customer, project: Project) -> None:
    """Restoring a deleted project brings back its documents, name, variant and owner, its place in the quota, and the state that it was in."""
    documents = [customer.documents.write(project.id, f"Page {number}", f"text {number}") for number in (1, 2)]
    before = customer.projects.project(project.id)
    used = quota.settled_usage(customer).projects.used if customer.offers(Quotas) else None
    lifecycle.delete(customer, project)

    after = lifecycle.perform(customer, project, Action.RESTORE)

    told = [(each.name, each.variant, each.owner, each.private) for each in (before, after)]
    assert told[0] == told[1], f"the project was {told[0]} and came back as {told[1]}"
    for document in documents:
        read = customer.documents.read(project.id, document.id)
        assert (read.title, read.body) == (document.title, document.body), f"document '{document.title}' came back as {read}"
    if used is not None:
        quota.await_projects_used(customer, used)
    provisioning.use(customer, after)
    if customer.can(Action.ARCHIVE):
        lifecycle.perform(customer, project, Action.ARCHIVE)
        lifecycle.delete(customer, project)
        with step("restore what was archived"):
            customer.lifecycle.perform(project.id, Action.RESTORE)
        provisioning.await_state(customer, project, State.ARCHIVED, never=frozenset({State.ACTIVE}))
