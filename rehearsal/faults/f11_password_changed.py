"""F11: another password is set from the settings, and whoever was logged in goes on."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def inject(seams: Seams) -> None:
    """The new password is kept, and every session with it. A reset, which comes by a link, ends them."""
    from products.cloudsuite.app.domain import accounts, passwords

    @seams.instead_of(accounts, "set_password")
    def lenient(original: Any, tx: Any, account_id: str, password: str, *, cost: int, field: str = "password") -> None:
        if field == "password":
            original(tx, account_id, password, cost=cost, field=field)
            return
        passwords.require_strong(password, "", field)
        tx.execute("UPDATE accounts SET password_hash = ? WHERE id = ?", (passwords.keep(password, cost), account_id))


def oracle(probe: Probe) -> str:
    """Set another password in one session, and use another."""
    person = probe.person()
    other = person.again()
    ok(person.http.put("/api/v1/me/password", json={"password": person.password, "new_password": "Probe87654321"}), 204)
    answer = other.http.get("/api/v1/me")
    return f"after the password was changed, another session is answered with {answer.status_code}" if answer.is_success else ""


FAULT = Fault(
    id="F11-password",
    title="Another password leaves every session open.",
    layer=Layer.APPLICATION,
    journey="account",
    risk="account-takeover",
    expects=Expected("account.change-password", "identity", "critical"),
    silent=True,
    inject=inject,
    oracle=oracle,
)
