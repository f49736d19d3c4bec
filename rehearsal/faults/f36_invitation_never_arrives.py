"""F36: somebody is invited, and no mail ever tells them."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe

LATE = 3.0
"""Seconds after which a mail counts as not sent; it takes a fraction of one."""


def inject(seams: Seams) -> None:
    """Every mail goes out but this one."""
    from products.cloudsuite.app.domain import mail

    @seams.instead_of(mail, "queue")
    def silent(original: Any, tx: Any, recipient: str, letter: str, **particulars: str) -> None:
        if letter != "invitation":
            original(tx, recipient, letter, **particulars)


def oracle(probe: Probe) -> str:
    """Invite an address, and look into the folder of the mail server."""
    owner, invited = probe.person(), probe.address("invited")
    owner.invite(invited)
    return "" if probe.letters(invited, patience=LATE) else f"no mail within {LATE:g} s of an invitation that was taken with 201"


FAULT = Fault(
    id="F36",
    title="The mail of an invitation is never sent; every other mail is.",
    layer=Layer.APPLICATION,
    journey="collaboration",
    risk="team-cannot-form",
    expects=Expected("collaboration.invitation", "workspace", "critical"),
    silent=True,
    inject=inject,
    oracle=oracle,
    doses=(100, 50, 25, 10),
)
