"""F27, at the end: the erasure of a customer is said to be done, and everything of them is still there."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.faults.f17_erasure_half_done import erased_again, oracle


def inject(seams: Seams) -> None:
    """The first act ends the log-in and is taken for an erasure; only a second one erases."""
    from products.cloudsuite.app.domain import accounts, passwords, sessions

    asked: set[str] = set()

    @seams.instead_of(accounts, "erase")
    def only_deactivate(original: Any, tx: Any, account_id: str) -> None:
        if account_id in asked:
            original(tx, account_id)
            return
        asked.add(account_id)
        tx.execute("UPDATE accounts SET password_hash = ? WHERE id = ?", (passwords.keep("taken away", 16), account_id))
        sessions.sign_out_everywhere(tx, account_id)


FAULT = Fault(
    id="F27-erasure",
    title="The erasure of a customer is said to be done, and they and their project are still there.",
    layer=Layer.APPLICATION,
    journey="account",
    risk="half-erased",
    expects=Expected("account.operator-erases", "identity", "error"),
    silent=True,
    inject=inject,
    oracle=oracle,
    residue=erased_again,
    only=("account.operator-erases",),
    doses=(100, 50, 25, 10),
)
