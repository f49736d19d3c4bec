"""Buttons for what can be done."""

from flows import lifecycle, provisioning, quota
from flows.contract.lifecycle import Action, OfferedActions
from flows.contract.projects import Failing, Project, Projects, State
from flows.scenario import scenario
from flows.site import Customer
from flows.waiting import settled


@scenario(
    "lifecycle.offered-actions",
    owner="platform",
    risk="lifecycle-corrupt",
    severity="error",
    failure="integrity",
    needs=(Projects, OfferedActions),
)
def test_a_project_offers_what_its_state_allows(customer: Customer, project: Project) -> None:
    """The page of a project offers its owner what can be done to it in the state it is in (ready, archived, suspended, failed), and nothing else."""
    demand(customer, project, State.ACTIVE)
    for there, state, back in ((Action.ARCHIVE, State.ARCHIVED, Action.UNARCHIVE), (Action.SUSPEND, State.SUSPENDED, Action.RESUME)):
        if customer.can(there) and customer.can(back):
            lifecycle.perform(customer, project, there)
            demand(customer, project, state)
            lifecycle.perform(customer, project, back)
            demand(customer, project, State.ACTIVE)
    if customer.offers(Failing):
        quota.require_room(customer, 1)
        failed = provisioning.request(customer, customer.projects.failing())
        demand(customer, provisioning.await_state(customer, failed, State.FAILED), State.FAILED)


def demand(customer: Customer, project: Project, state: State) -> None:
    """Demand that a project in this state offers what is documented for it, once the product's views agree."""
    legal = {action for action in customer.lifecycle.legal(state) if customer.offers(action)}
    offered = settled(
        lambda: customer.lifecycle.offered(project.id), when=lambda seen: seen == legal, within=customer.site.budget("agreement"), of="what is offered"
    )
    assert offered == legal, f"a project that is {state} offers {words(offered)}, where its state allows {words(legal)}"


def words(actions: frozenset[Action] | set[Action]) -> str:
    """Name actions in a sentence."""
    return ", ".join(f"'{each}'" for each in sorted(actions)) or "nothing"
