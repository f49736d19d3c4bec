"""F24: a plan that was cancelled, and is paid for to the end of its period, ends at once."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Person, Probe

CARD = "4242424242424242"
"""A test card that pays."""


def end_at_once(seams: Seams) -> None:
    """Whoever cancels is on the smallest plan from then on."""
    from products.cloudsuite.app.domain import billing

    @seams.instead_of(billing, "cancel")
    def hasty(original: Any, tx: Any, actor: Any, workspace_id: str) -> None:
        original(tx, actor, workspace_id)
        billing._fall_to_free(tx, workspace_id)


def ends_at_once(probe: Probe) -> str:
    """Upgrade, cancel, and read the plan."""
    person = probe.person()
    person.bill("card", number=CARD)
    said = cancelled(person)
    if said:
        probe.remember(person)
    return said


def ends_at_once_again(probe: Probe) -> str:
    """Upgrade those whom the fault has caught once more, and cancel."""
    people, _ = probe.caught()
    return next((f"after the rollback, {said}" for person in people if (said := cancelled(person))), "")


def cancelled(person: Person) -> str:
    """Upgrade and cancel, and say where the plan is another at once."""
    person.bill("plan", plan="team")
    plan = person.bill("cancel").json()["plan"]
    return "" if plan == "team" else f"the plan 'team' was paid for and cancelled, and is '{plan}' at once"


FAULT = Fault(
    id="F24-plan",
    title="A plan that is cancelled ends at once, though it is paid for.",
    layer=Layer.APPLICATION,
    journey="account",
    risk="paid-not-served",
    expects=Expected("account.cancel-plan", "billing", "error"),
    silent=True,
    inject=end_at_once,
    oracle=ends_at_once,
    residue=ends_at_once_again,
)
