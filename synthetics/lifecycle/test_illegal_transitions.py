"""What the table does not allow, the product does not do."""

from flows import lifecycle, provisioning
from flows.contract.lifecycle import Action, TransitionRules
from flows.contract.projects import FailureRehearsal, Project, Projects, State
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
    needs=(Projects, TransitionRules, FailureRehearsal, *Action),
    deadline=180,
)
def test_every_illegal_transition_conflicts_and_changes_nothing(customer: Customer, project: Project) -> None:
    """Every transition that the documented table does not have is refused as a conflict, and leaves the state as it was."""
    rules = customer.lifecycle.rules()
    failed = provisioning.request(customer, customer.projects.failing())
    provisioning.await_state(customer, failed, State.FAILED)

    def try_all(subject: Project, state: State) -> None:
        for action in Action:
            if action in rules[state] or lifecycle.LEADS_TO.get(action) is state:
                continue
            with step(f"{action} what is {state}"):
                with refused(Reason.ILLEGAL_TRANSITION, doing=f"the action '{action}' on a project that is {state}"):
                    customer.lifecycle.perform(subject.id, action)
                now = customer.projects.project(subject.id).state
                assert now is state, f"'{action}' was refused, and yet took the project from {state} to {now}"

    try_all(project, State.ACTIVE)
    try_all(failed, State.FAILED)
    cancelled = provisioning.request(customer, customer.projects.slow())
    try_all(lifecycle.perform(customer, cancelled, Action.CANCEL), State.CANCELLED)
    for there, state, back in ((Action.ARCHIVE, State.ARCHIVED, Action.UNARCHIVE), (Action.SUSPEND, State.SUSPENDED, Action.RESUME)):
        lifecycle.perform(customer, project, there)
        try_all(project, state)
        lifecycle.perform(customer, project, back)
