"""F28: a change to a smaller plan, which is to keep everything, takes projects away."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Person, Probe

CARD = "4242424242424242"
"""A test card that pays."""


def tidy_up(seams: Seams) -> None:
    """The newest project goes with the larger plan."""
    from products.cloudsuite.app.domain import billing

    @seams.instead_of(billing, "_fall_to_free")
    def careless(original: Any, tx: Any, workspace_id: str) -> None:
        original(tx, workspace_id)
        tx.execute("DELETE FROM projects WHERE rowid = (SELECT max(rowid) FROM projects WHERE workspace_id = ?)", (workspace_id,))


def loses_a_project(probe: Probe) -> str:
    """Upgrade, make a project, change back, and look for it."""
    person = probe.person()
    person.bill("card", number=CARD)
    said = lost(person)
    if said:
        probe.remember(person)
    return said


def loses_another(probe: Probe) -> str:
    """Do the same once more with those whom the fault has caught."""
    people, _ = probe.caught()
    return next((f"after the rollback, {said}" for person in people if (said := lost(person))), "")


def lost(person: Person) -> str:
    """Say whether a project is gone after a change to a smaller plan."""
    person.bill("plan", plan="team")
    project = person.project()
    person.bill("plan", plan="free")
    state = person.state(project)
    return "" if state == "active" else f"a project is {state} after a change to a smaller plan"


FAULT = Fault(
    id="F28-plan",
    title="A change to a smaller plan deletes a project.",
    layer=Layer.APPLICATION,
    journey="account",
    risk="data-lost",
    expects=Expected("account.downgrade", "billing", "critical"),
    permits=("account.cancel-plan",),
    silent=True,
    inject=tidy_up,
    oracle=loses_a_project,
    residue=loses_another,
)
