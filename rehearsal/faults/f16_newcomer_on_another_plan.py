"""F16, at the beginning: a newcomer's first workspace is on another plan than is documented."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe

DOCUMENTED = "free"


def inject(seams: Seams) -> None:
    """The dearest plan, for nothing."""
    from products.cloudsuite.app.domain import workspaces

    @seams.instead_of(workspaces, "create")
    def generous(original: Any, tx: Any, account_id: str, name: str) -> Any:
        made = original(tx, account_id, name)
        tx.execute("UPDATE workspaces SET plan = 'business' WHERE id = ?", (made["id"],))
        return made


def oracle(probe: Probe) -> str:
    """Sign up, and ask for the plan."""
    person = probe.person()
    plan = person.usage()["plan"]
    if plan == DOCUMENTED:
        return ""
    probe.remember(person)
    return f"a newcomer is on the plan '{plan}', not on '{DOCUMENTED}'"


def stays_on_it(probe: Probe) -> str:
    """Do what the runbook says for those who were caught, choose the plan that is documented, and say whether they are on another still."""
    people, _ = probe.caught()
    for person in people:
        person.bill("plan", plan=DOCUMENTED)
    plans = [person.usage()["plan"] for person in people]
    return next((f"set right, a newcomer is on the plan '{each}', not on '{DOCUMENTED}'" for each in plans if each != DOCUMENTED), "")


FAULT = Fault(
    id="F16-newcomer",
    title="A newcomer starts on another plan than is documented.",
    layer=Layer.APPLICATION,
    journey="signup",
    risk="wrong-beginning",
    expects=Expected("signup.newborn-tenant", "growth", "error"),
    silent=True,
    inject=inject,
    oracle=oracle,
    residue=stays_on_it,
    doses=(100, 50, 25, 10),
)
