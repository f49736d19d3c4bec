"""F03: the mail that confirms a sign-up comes, and too late."""

from __future__ import annotations

import time
from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok
from rehearsal.stage import BUDGETS

EXPECTED = BUDGETS["mail"]["expected"]
DELAY = EXPECTED + 1.5
"""Seconds: past what is expected of a mail, and before what is tolerated, so that those who only need it go on."""


def inject(seams: Seams) -> None:
    """The outbox holds the letter back."""
    from products.cloudsuite.app import clock
    from products.cloudsuite.app.domain import mail

    @seams.instead_of(mail, "queue")
    def later(original: Any, tx: Any, recipient: str, letter: str, **particulars: str) -> None:
        original(tx, recipient, letter, **particulars)
        if letter == "verification":
            tx.execute("UPDATE outbox SET next_attempt_at = ? WHERE id = (SELECT max(id) FROM outbox)", (clock.now() + DELAY,))


def oracle(probe: Probe) -> str:
    """Sign up by API, and take the time until the mail is there."""
    address, began = probe.address(), time.monotonic()
    ok(probe.client().post("/api/v1/accounts", json={"name": "Probe", "email": address, "password": "Probe12345678"}), 201)
    came = bool(probe.letters(address))
    took = time.monotonic() - began
    return f"the mail {'came' if came else 'had not come'} after {took:.1f} s; {EXPECTED:g} s are expected" if took > EXPECTED else ""


# A few scenarios that only need the mail show that they go on, and are slow. More of them would burn the journey's budget, as they should: but an alert on
# that stays open until the budget's window is over, an hour later than any drill. Lower doses would be met by chance with so few mails.
FAULT = Fault(
    id="F03",
    title="The mail that confirms a sign-up comes later than its budget allows.",
    layer=Layer.APPLICATION,
    journey="signup",
    risk="mail-does-not-arrive",
    expects=Expected("signup.verification-mail", "identity", "critical"),
    permits=("signup.[*]",),
    silent=True,
    inject=inject,
    oracle=oracle,
    only=("signup.scanner-fetch", "signup.link-twice", "signup.first-workspace"),
)
