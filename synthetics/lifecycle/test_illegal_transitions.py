"""What the table does not allow, the product does not do."""

from flows import lifecycle, provisioning, quota
from flows.contract.lifecycle import Action, Lifecycle, TransitionRules
from flows.contract.projects import Failing, Project, Projects, Slow, State
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "lifecycle.illegal-transitions",
    owner="platform",
    risk="lifecycle-corrupt",
    severity="error",
    failure="integrity",
    needs=(Projects, TransitionRules, Lifecycle),
    deadline=180,
)
def test_every_illegal_transition_conflicts_and_changes_nothing(customer: Customer, project: Project) -> None:
    """Every transition that the documented table does not have is refused as a conflict, and leaves the state as it was."""
    rules = customer.lifecycle.rules()
    can_cancel = customer.offers(Slow) and customer.can(Action.CANCEL)
    quota.require_room(customer, customer.offers(Failing) + can_cancel)

    def try_all(subject: Project, state: State) -> None:
        for action in filter(customer.can, Action):
            if action in rules.get(state, {}) or lifecycle.LEADS_TO.get(action) is state:
                continue
            with step(f"{action} what is {state}"):
                with refused(Reason.ILLEGAL_TRANSITION, doing=f"the action '{action}' on a project that is {state}"):
                    customer.lifecycle.perform(subject.id, action)
                now = customer.projects.project(subject.id).state
                assert now is state, f"'{action}' was refused, and yet took the project from {state} to {now}"

    try_all(project, State.ACTIVE)
    if customer.offers(Failing):
        failed = provisioning.request(customer, customer.projects.failing())
        try_all(provisioning.await_state(customer, failed, State.FAILED), State.FAILED)
    if can_cancel:
        cancelled = provisioning.request(customer, customer.projects.slow())
        try_all(lifecycle.perform(customer, cancelled, Action.CANCEL), State.CANCELLED)
    for there, state, back in ((Action.ARCHIVE, State.ARCHIVED, Action.UNARCHIVE), (Action.SUSPEND, State.SUSPENDED, Action.RESUME)):
        if customer.can(there) and customer.can(back):
            lifecycle.perform(customer, project, there)
            try_all(project, state)
            lifecycle.perform(customer, project, back)
