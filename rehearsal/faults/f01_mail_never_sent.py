"""F01: the product takes a sign-up, and its mail never leaves."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok

LATE = 3.0
"""Seconds after which a mail counts as not sent; it takes a fraction of one."""


def inject(seams: Seams) -> None:
    """The letter that confirms a sign-up is not put into the product's outbox; others are."""
    from products.cloudsuite.app.domain import mail

    @seams.instead_of(mail, "queue")
    def nothing(original: Any, tx: Any, recipient: str, letter: str, **particulars: str) -> None:
        if letter != "verification":
            original(tx, recipient, letter, **particulars)


def oracle(probe: Probe) -> str:
    """Sign up by API, and look into the folder of the mail server."""
    address = probe.address()
    ok(probe.client().post("/api/v1/accounts", json={"name": "Probe", "email": address, "password": "Probe12345678"}), 201)
    if probe.letters(address, patience=LATE):
        return ""
    probe.remember(address=address)
    return f"no mail within {LATE:g} s of a sign-up that was taken with 201"


def cannot_confirm(probe: Probe) -> str:
    """Do what the runbook says for those who were caught, ask for the mail again, and say whether they are left without an account all the same."""
    _, what = probe.caught()
    if not what:
        return ""
    token = probe.mailed_again(what["address"]).rpartition("token=")[2]
    answer = probe.client().post("/api/v1/accounts/verify", json={"token": token})
    return "" if answer.is_success else f"mailed again, the link of a sign-up without a mail is refused with {answer.status_code}"


FAULT = Fault(
    id="F01",
    title="The mail that confirms a sign-up is never sent.",
    layer=Layer.APPLICATION,
    journey="signup",
    risk="mail-does-not-arrive",
    expects=Expected("signup.verification-mail", "identity", "critical"),
    permits=(
        "signup.first-workspace",
        "signup.duplicate-address",
        "signup.double-submit",
        "signup.expired-link",
        "signup.link-twice",
        "signup.malformed-input",
        "signup.scanner-fetch",
    ),
    silent=True,
    inject=inject,
    oracle=oracle,
    residue=cannot_confirm,
    doses=(100, 50, 25, 10),
)
