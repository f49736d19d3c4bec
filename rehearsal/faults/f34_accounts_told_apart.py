"""F34, before anybody has logged in: a stranger is told who has an account.

The catalogue has no number of its own for it; nearest is what a stranger reads of somebody else.
"""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def inject(seams: Seams) -> None:
    """To an address that has an account, a wrong password is called so."""
    from products.cloudsuite.app import refusals
    from products.cloudsuite.app.domain import sessions
    from products.cloudsuite.app.refusals import Refusal

    @seams.instead_of(sessions, "sign_in")
    def telling(original: Any, tx: Any, email: str, *given: Any, **named: Any) -> Any:
        try:
            return original(tx, email, *given, **named)
        except Refusal as refusal:
            if refusal.code == "invalid_credentials" and tx.execute("SELECT 1 FROM accounts WHERE email = ?", (email,)).fetchone():
                raise refusals.wrong_password() from None
            raise


def oracle(probe: Probe) -> str:
    """Log in with a wrong password, and with an address that nobody has, and compare the answers."""
    person = probe.person()
    known, unknown = (
        ok(probe.client().post("/api/v1/sessions", json={"email": each, "password": "Probe-not-this-one"}), 401).json()
        for each in (person.email, probe.address("nobody"))
    )
    told = [(each["status"], each["code"], each["detail"], each.get("field")) for each in (known, unknown)]
    return f"an address that has an account is answered {told[0]}, one that has none {told[1]}" if told[0] != told[1] else ""


FAULT = Fault(
    id="F34-accounts",
    title="Logging in tells a stranger whether an address has an account.",
    layer=Layer.APPLICATION,
    journey="signup",
    risk="account-takeover",
    expects=Expected("signup.no-enumeration", "identity", "error"),
    silent=True,
    inject=inject,
    oracle=oracle,
    doses=(100, 50, 25, 10),
)
