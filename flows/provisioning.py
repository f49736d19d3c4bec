"""Provisioning: from the wish for a project to one that can be used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flows import waiting
from flows.blame import Refused, arranging
from flows.contract.projects import Project, State, Variant
from flows.patience import LIMIT, patiently
from flows.refusal import Reason
from flows.site import Customer
from flows.steps import step
from flows.waiting import Budget, eventually

ENDED = frozenset({State.FAILED, State.CANCELLED, State.DELETED, State.PURGED})
"""States from which a project does not become active by itself."""

UNSEEN = frozenset({Reason.NOT_FOUND, Reason.FORBIDDEN, Reason.BUSY})
"""How a product answers for a project that it has promised and that not all of it knows yet."""


@dataclass(frozen=True)
class Unseen:
    """A project that was promised and cannot be looked at yet; `state` says how that was refused."""

    state: str


def request(customer: Customer, variant: Variant | None = None, *, name: str | None = None, key: str | None = None, patient: bool = True) -> Project:
    """Ask for a project; do not wait for it. Who is `patient` comes back where the product is busy for the moment."""
    name = name or customer.site.project_name()
    with step(f"ask for a project ({variant})" if variant else "ask for a project"), customer.site.ledger.making("project", name) as entry:
        asked = patiently(lambda: customer.projects.request(name, variant, key=key), doing="asking for a project", limit=LIMIT if patient else 0.0)
        entry.id = asked.id
    return asked


def sight(customer: Customer, project: Project) -> Callable[[], Project | Unseen]:
    """Return how to look at a project that was promised: until it is seen for the first time, its not being there is a state that may pass.

    How long that may last is the time in which the product's views must agree; later, or after it was seen, it is a refusal as any other.
    """
    patience = customer.site.budgets.get("agreement", Budget("agreement", 0, 0)).limit
    began, met = waiting.now(), False

    def look() -> Project | Unseen:
        nonlocal met
        try:
            seen = customer.projects.project(project.id)
        except Refused as refused:
            if met or refused.refusal.reason not in UNSEEN or waiting.now() - began > patience:
                raise
            return Unseen(f"not to be seen yet ({refused.refusal.reason})")
        met = True
        return seen

    return look


def await_state(customer: Customer, project: Project, *states: State, never: frozenset[State] = frozenset()) -> Project:
    """Wait until a project is in one of `states`, and return it."""
    wanted = " or ".join(states)
    with step(f"wait until the project is {wanted}"):
        return reach(
            sight(customer, project),
            reaches=frozenset(states),
            never=never - set(states),
            within=customer.site.budget("provisioning"),
            of=f"project {project.name}",
        )


def reach(look: Callable[[], Project | Unseen], *, reaches: frozenset[State], never: frozenset[State], within: Budget, of: str) -> Project:
    """Look until a project is in one of these states, and return it."""
    seen = eventually(look, reaches=reaches, never=never, within=within, of=of)
    assert isinstance(seen, Project), f"{of} was never to be seen"
    return seen


def create(customer: Customer, variant: Variant | None = None, *, name: str | None = None) -> Project:
    """Ask for a project and return it once the product calls it ready."""
    return await_state(customer, request(customer, variant, name=name), State.ACTIVE, never=ENDED)


def arranged(customer: Customer) -> Project:
    """Return a project that is ready. Provisioning is an earlier stage here: a fault in it blocks.

    Raises:
        Blocked: it does not work.
    """
    with arranging("a project"):
        return create(customer)


def failed(customer: Customer) -> Project:
    """Return a project that could not be made. That it comes to this is an earlier stage here: a fault in it blocks.

    Raises:
        Blocked: it does not.
    """
    with arranging("a failed project"):
        return await_state(customer, request(customer, customer.projects.failing()), State.FAILED, never=frozenset({State.ACTIVE, State.DELETED}))


def use(customer: Customer, project: Project) -> None:
    """Use the project for what it is for: write a document and read it back.

    Raises:
        ProductFault: what is read is not what was written.
    """
    body = f"Written by {customer.site.fresh_name()}.\nA second line: äß✓🙂."
    with step("write a document and read it back"):
        written = customer.documents.write(project.id, customer.site.fresh_name(), body)
        read = customer.documents.read(project.id, written.id)
    assert read.body == body, f"project {project.name} gives back {read.body!r} where {body!r} was written"
