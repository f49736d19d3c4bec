"""F17, at the end: a customer is erased while a project of theirs runs, the erasure breaks off, and half of it stays done."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def inject(seams: Seams) -> None:
    """The log-in and the projects go for good, then the erasure fails. Once nothing runs any more it succeeds."""
    from products.cloudsuite.app.domain import accounts, passwords, workspaces

    @seams.instead_of(accounts, "erase")
    def halfway(original: Any, tx: Any, account_id: str) -> None:
        running = tx.execute("SELECT id FROM projects WHERE owner_id = ? AND state = 'active'", (account_id,)).fetchall()
        if not running:
            original(tx, account_id)
            return
        tx.execute("UPDATE accounts SET password_hash = ? WHERE id = ?", (passwords.keep("taken away", 16), account_id))
        for workspace in workspaces.only_owned_by(tx, account_id):
            tx.execute("DELETE FROM projects WHERE workspace_id = ?", (workspace,))
        tx.execute("COMMIT")
        msg = "a project is active and cannot be deleted"
        raise RuntimeError(msg)


def oracle(probe: Probe) -> str:
    """Erase somebody with a project, and look for them."""
    person = probe.person()
    project = person.project()
    answer = probe.operator().delete(f"/operator/accounts/{account(probe, person.email)}")
    there = bool(account(probe, person.email))
    shown = probe.operator().get(f"/operator/projects/{project}").is_success
    if answer.is_success and not there and not shown:
        return ""
    probe.facts["caught"] = person.email
    stay = [what for what, is_there in (("the account", there), ("the project", shown)) if is_there]
    return f"the erasure of somebody with a project was answered with {answer.status_code}; still there: {' and '.join(stay) or 'nothing'}"


def account(probe: Probe, email: str) -> str:
    """Return the id of the account of an address, empty where there is none. A failure ends the product's connection, so each question has its own."""
    answer = ok(probe.operator().get("/operator/accounts", params={"email": email}), 200, 404)
    return str(answer.json()["id"]) if answer.is_success else ""


def erased_again(probe: Probe) -> str:
    """Erase whom it caught once more, as the runbook says, and look whether that helps."""
    email = str(probe.facts.get("caught", ""))
    if email and (half := account(probe, email)):
        ok(probe.operator().delete(f"/operator/accounts/{half}"), 204)
        if account(probe, email):
            return f"{email} is still there, though erased once more"
    return ""


FAULT = Fault(
    id="F17-erasure",
    title="Erasing a customer with a running project fails, and half of it is done.",
    layer=Layer.APPLICATION,
    journey="account",
    risk="half-erased",
    expects=Expected("account.operator-erases", "identity", "error"),
    inject=inject,
    oracle=oracle,
    residue=erased_again,
    only=("account.operator-erases",),
)
