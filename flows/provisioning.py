"""Provisioning: from the wish for a project to one that can be used."""

from __future__ import annotations

from flows.blame import arranging
from flows.contract.projects import Project, State, Variant
from flows.site import Customer
from flows.steps import step
from flows.waiting import eventually

ENDED = frozenset({State.FAILED, State.CANCELLED, State.DELETED, State.PURGED})
"""States from which a project does not become active by itself."""


def request(customer: Customer, variant: Variant | None = None, *, name: str | None = None, key: str | None = None) -> Project:
    """Ask for a project; do not wait for it."""
    name = name or customer.site.fresh_name()
    with step(f"ask for a project ({variant})" if variant else "ask for a project"), customer.site.ledger.making("project", name) as entry:
        asked = customer.projects.request(name, variant, key=key)
        entry.id = asked.id
    return asked


def await_state(customer: Customer, project: Project, *states: State, never: frozenset[State] = frozenset()) -> Project:
    """Wait until a project is in one of `states`, and return it."""
    wanted = " or ".join(states)
    with step(f"wait until the project is {wanted}"):
        return eventually(
            lambda: customer.projects.project(project.id),
            reaches=frozenset(states),
            never=never - set(states),
            within=customer.site.budget("provisioning"),
            of=f"project {project.name}",
        )


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


def use(customer: Customer, project: Project) -> None:
    """Use the project for what it is for: write a document and read it back.

    Raises:
        ProductFault: what is read is not what was written.
    """
    body = f"Written by {customer.site.fresh_name()}.\nA second line: äß✓."
    with step("write a document and read it back"):
        written = customer.documents.write(project.id, "Notes", body)
        read = customer.documents.read(project.id, written.id)
    assert read.body == body, f"project {project.name} gives back {read.body!r} where {body!r} was written"
