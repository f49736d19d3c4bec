"""Who did it, and when."""

import time

from flows import lifecycle
from flows.contract.lifecycle import Action, Audit
from flows.contract.projects import Project, Projects
from flows.scenario import scenario
from flows.site import Customer

SKEW = 60.0
"""Seconds by which clocks may differ."""


@scenario(
    "lifecycle.audit-trail",
    owner="platform",
    risk="lifecycle-corrupt",
    severity="error",
    failure="integrity",
    needs=(Projects, Audit, Action.ARCHIVE, Action.UNARCHIVE, Action.SUSPEND, Action.RESUME),
)
def test_every_transition_leaves_an_entry_with_actor_and_time(customer: Customer, project: Project) -> None:
    """Every transition leaves one audit entry with the right actor and the right time, in order."""
    made, states = customer.lifecycle.audit(project.id), customer.projects.project(project.id).history
    assert [entry.actor for entry in made[:1]] == [customer.email], (
        f"the audit log should begin with the making of the project by {customer.email}, and holds {made}"
    )
    assert len(made) >= len(states), f"the project went {' > '.join(states)}, and the audit log tells of its making only {made}"
    began = time.time()
    for action in (Action.ARCHIVE, Action.UNARCHIVE, Action.SUSPEND, Action.RESUME):
        lifecycle.perform(customer, project, action)
    ended = time.time()

    entries = customer.lifecycle.audit(project.id)

    told = [(entry.action, entry.actor) for entry in entries[len(made) :]]
    by_hand, by_staff = customer.email, "operator"
    assert told == [("archive", by_hand), ("unarchive", by_hand), ("suspend", by_staff), ("resume", by_staff)], f"the audit log ends with {told}"
    times = [entry.at for entry in entries]
    assert times == sorted(times), "the audit log is not in the order of time"
    assert began - SKEW <= times[-4] <= times[-1] <= ended + SKEW, f"done between {began:.0f} and {ended:.0f}, the entries say {times[-4:]}"
