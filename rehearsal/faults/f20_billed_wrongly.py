"""F20: a customer pays too much: for a plan twice, for a project ten times its price."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Person, Probe, ok

CARD = "4242424242424242"
"""A test card that pays."""
PRICE = 900
"""What a project of the tier that costs money costs, in cents."""


def pay_twice(seams: Seams) -> None:
    """Whoever pays for a plan pays once more."""
    from products.cloudsuite.app.domain import billing

    @seams.instead_of(billing, "choose_plan")
    def greedy(original: Any, tx: Any, settings: Any, actor: Any, workspace_id: str, plan: str) -> None:
        before = billing.PRICES[str(billing.standing(tx, workspace_id)["plan"])]
        original(tx, settings, actor, workspace_id, plan)
        if billing.PRICES[plan] > before:
            billing._invoice(tx, workspace_id, plan, "paid")


def is_paid_twice(probe: Probe) -> str:
    """Upgrade once, and read what was paid."""
    person = probe.person()
    person.bill("card", number=CARD)
    person.bill("plan", plan="team")
    times = paid(person)
    if times == 1:
        return ""
    probe.remember(person)
    return f"one upgrade was paid for {times} times"


def pays_twice_again(probe: Probe) -> str:
    """Upgrade those whom the fault has caught once more, and see that they pay once."""
    people, _ = probe.caught()
    for person in people:
        before = paid(person)
        person.bill("plan", plan="business")
        if paid(person) != before + 1:
            return f"after the rollback, an upgrade was paid for {paid(person) - before} times"
    return ""


def paid(person: Person) -> int:
    """Return how many invoices are paid."""
    return sum(each["state"] == "paid" for each in bill(person)["invoices"])


def bill(person: Person) -> dict[str, Any]:
    """Return the bill of a workspace."""
    return dict(ok(person.http.get(f"/api/v1/workspaces/{person.workspace}/billing"), 200).json())


def ten_times(seams: Seams) -> None:
    """What a project costs has a digit too many."""
    from products.cloudsuite.app.domain import billing

    @seams.instead_of(billing, "open_charge")
    def greedy(original: Any, tx: Any, workspace_id: str, project_id: str, amount_cents: int) -> None:
        original(tx, workspace_id, project_id, amount_cents * 10)


def costs_too_much(probe: Probe) -> str:
    """Get a project that costs something, and read the bill."""
    person = probe.person()
    amount = charged(person)
    if amount == PRICE:
        return ""
    probe.remember(person)
    return f"a project that is offered for {PRICE} cents is charged {amount}"


def costs_too_much_again(probe: Probe) -> str:
    """Get another for those whom the fault has caught."""
    people, _ = probe.caught()
    amounts = [charged(person) for person in people]
    return next((f"after the rollback, a project is charged {amount} cents" for amount in amounts if amount != PRICE), "")


def charged(person: Person) -> int:
    """Get a project, and return what it is charged, in cents."""
    project = person.project(tier="standard")
    return sum(int(each["amount_cents"]) for each in bill(person)["charges"] if each["project_id"] == project and each["state"] != "void")


FAULTS = (
    Fault(
        id="F20-invoice",
        title="One upgrade is paid for twice.",
        layer=Layer.APPLICATION,
        journey="account",
        risk="wrong-bill",
        expects=Expected("account.invoices", "billing", "critical"),
        silent=True,
        inject=pay_twice,
        oracle=is_paid_twice,
        residue=pays_twice_again,
    ),
    Fault(
        id="F20-price",
        title="A project costs ten times its price.",
        layer=Layer.APPLICATION,
        journey="account",
        risk="wrong-bill",
        expects=Expected("account.project-price", "billing", "error"),
        silent=True,
        inject=ten_times,
        oracle=costs_too_much,
        residue=costs_too_much_again,
    ),
)
