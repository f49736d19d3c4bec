"""F17, at the end: a customer is erased while a project of theirs runs, the erasure breaks off, and half of it stays done."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok

PROBES = "syn-probe"
"""How the addresses of probes begin; nobody erases those."""


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
    """Erase somebody with a project, and look for them; who is still there is erased once more."""
    person, staff = probe.person(), probe.operator()
    project = person.project()
    account = ok(staff.get("/operator/accounts", params={"email": person.email}), 200).json()["id"]
    answer = staff.delete(f"/operator/accounts/{account}")
    there = staff.get("/operator/accounts", params={"email": person.email}).is_success
    shown = staff.get(f"/operator/projects/{project}").is_success
    if there:
        ok(staff.delete(f"/operator/accounts/{account}"), 204)
    if answer.is_success and not there and not shown:
        return ""
    stay = [what for what, is_there in (("the account", there), ("the project", shown)) if is_there]
    return f"the erasure of somebody with a project was answered with {answer.status_code}; still there: {' and '.join(stay) or 'nothing'}"


def residue(probe: Probe) -> str:
    """Look for whoever had mail and should be erased by now: everybody of this domain but the probes."""
    if probe.mail is None:
        return ""
    staff = probe.operator()
    had_mail = (each.name for each in probe.mail.iterdir() if each.name.endswith(f"@{probe.domain}") and not each.name.startswith(PROBES))
    left = [address for address in had_mail if staff.get("/operator/accounts", params={"email": address}).is_success]
    return f"still there, and nobody erases them: {', '.join(sorted(left))}" if left else ""


FAULT = Fault(
    id="F17-erasure",
    title="Erasing a customer with a running project fails, and half of it is done.",
    layer=Layer.APPLICATION,
    journey="account",
    risk="half-erased",
    expects=Expected("account.operator-erases", "identity", "error"),
    inject=inject,
    oracle=oracle,
    residue=residue,
    only=("account.operator-erases",),
)
