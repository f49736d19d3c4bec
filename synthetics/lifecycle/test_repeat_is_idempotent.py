"""Asking twice for the same."""

from functools import partial
from operator import lt

from flows import lifecycle
from flows.contract.driver import Surface
from flows.contract.lifecycle import Action, Audit
from flows.contract.projects import Project, Projects
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step
from flows.waiting import settled


@scenario(
    "lifecycle.repeat-is-idempotent",
    owner="platform",
    risk="lifecycle-corrupt",
    severity="warning",
    failure="availability",
    needs=(Projects, Action.ARCHIVE, Action.UNARCHIVE),
    surfaces=(Surface.API,),
)
def test_a_repeated_legal_request_changes_nothing_more(customer: Customer, project: Project) -> None:
    """A legal request that is repeated ends well and changes nothing more: one entry in the audit log, not two."""
    for action in (Action.ARCHIVE, Action.UNARCHIVE):
        before = logged(customer, project)
        once = lifecycle.perform(customer, project, action)
        entries = before
        if customer.offers(Audit):
            late = customer.site.budget("agreement")
            entries = settled(lambda: logged(customer, project), when=partial(lt, before), within=late, of="the audit log")
            assert entries > before, f"'{action}' left no entry in the audit log"

        with step(f"{action} once more"):
            twice = lifecycle.perform(customer, project, action)

        assert twice.state is once.state
        assert logged(customer, project) == entries, f"repeating '{action}' left another entry in the audit log"


def logged(customer: Customer, project: Project) -> int:
    """Return how many entries the audit log has about a project, where there is one."""
    return len(customer.lifecycle.audit(project.id)) if customer.offers(Audit) else 0
