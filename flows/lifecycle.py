"""Lifecycle: doing something to a project and seeing it done."""

from __future__ import annotations

from flows.blame import ProductFault, Refused
from flows.contract.lifecycle import STAFF, Action
from flows.contract.projects import Project, State
from flows.patience import patiently
from flows.provisioning import await_state
from flows.refusal import Reason
from flows.site import Customer
from flows.steps import step
from flows.waiting import eventually

LEADS_TO = {
    Action.CANCEL: State.CANCELLED,
    Action.ARCHIVE: State.ARCHIVED,
    Action.UNARCHIVE: State.ACTIVE,
    Action.SUSPEND: State.SUSPENDED,
    Action.RESUME: State.ACTIVE,
    Action.RESTORE: State.ACTIVE,
}
"""Where an action leads a project that was active; deleting and purging hide it."""

HIDDEN = (Reason.NOT_FOUND, Reason.FORBIDDEN)
"""How a product answers for what somebody may not know to exist."""


NOT_OFFERED = (Reason.FORBIDDEN,)
"""How a page refuses what it offers no control for."""


def actor_of(customer: Customer, action: Action) -> str:
    """Return who an audit entry names for an action that this customer asked for: they themselves, or the staff that does it."""
    return STAFF if action in customer.driver.by_staff else customer.email


def perform(customer: Customer, project: Project, action: Action) -> Project:
    """Do it, and wait until the project is where that leads."""
    with step(f"{action} the project"):
        customer.lifecycle.perform(project.id, action)
    return await_state(customer, project, LEADS_TO[action])


def delete(customer: Customer, project: Project) -> None:
    """Delete a project, and wait until it is hidden from its customer. Where the product is busy with it, come back."""
    with step("delete the project"):
        patiently(
            lambda: customer.lifecycle.perform(project.id, Action.DELETE), doing="deleting", limit=customer.site.budget("provisioning", "agreement").limit
        )
        await_hidden(customer, project)


def await_hidden(customer: Customer, project: Project) -> None:
    """Wait until a project is neither listed nor shown."""
    eventually(
        lambda: seen(customer, project),
        reaches="hidden",
        within=customer.site.budget("deletion", "agreement"),
        of=f"project {project.name}",
        state=lambda at: at,
    )


def seen(customer: Customer, project: Project) -> str:
    """Say how a customer sees a project: its state, listed though it cannot be opened, or hidden."""
    try:
        return str(customer.projects.project(project.id).state)
    except Refused as refused:
        if refused.refusal.reason is Reason.BUSY:
            return str(Reason.BUSY)
        if refused.refusal.reason not in HIDDEN:
            raise ProductFault(f"project {project.name}, looked for after it was deleted, was {refused.refusal}") from refused
    return "listed, though it cannot be opened" if any(each.id == project.id for each in customer.projects.projects()) else "hidden"
