"""F01: an account moves to another address, and whoever reads the old one is not told."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok

LATE = 3.0
"""Seconds after which a mail counts as not sent; it takes a fraction of one."""


def inject(seams: Seams) -> None:
    """Every mail goes out but this one."""
    from products.cloudsuite.app.domain import mail

    @seams.instead_of(mail, "queue")
    def silent(original: Any, tx: Any, recipient: str, letter: str, **particulars: str) -> None:
        if letter != "email_notice":
            original(tx, recipient, letter, **particulars)


def oracle(probe: Probe) -> str:
    """Ask for another address, and look for a second mail to the old one."""
    person = probe.person()
    ok(person.http.post("/api/v1/me/email", json={"email": probe.address("moved"), "password": person.password}), 202)
    told = len(probe.letters(person.email, 2, LATE)) > 1
    return "" if told else f"no mail to the old address within {LATE:g} s of asking for another"


FAULT = Fault(
    id="F01-notice",
    title="Whoever reads the old address of an account is not told that it changes.",
    layer=Layer.APPLICATION,
    journey="account",
    risk="account-takeover",
    expects=Expected("account.change-address", "identity", "critical"),
    silent=True,
    inject=inject,
    oracle=oracle,
)
