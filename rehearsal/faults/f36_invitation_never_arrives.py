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
    if probe.letters(invited, patience=LATE):
        return ""
    probe.remember(owner, invited=invited)
    return f"no mail within {LATE:g} s of an invitation that was taken with 201"


def cannot_be_invited(probe: Probe) -> str:
    """Do what the runbook says for those who were caught, invite them again, and say whether the mail stays away or the first invitation keeps a seat."""
    people, what = probe.caught()
    for owner in people:
        owner.invite(what["invited"])
        if not probe.letters(what["invited"]):
            return "invited again, somebody is still not told"
        if (used := owner.usage()["seats"]["used"]) > len(("owner", "invited")):
            return f"invited again, one person takes {used - 1} seats"
    return ""


FAULT = Fault(
    id="F36",
    title="The mail of an invitation is never sent; every other mail is.",
    layer=Layer.APPLICATION,
    journey="collaboration",
    risk="team-cannot-form",
    expects=Expected("collaboration.invitation", "workspace", "critical"),
    permits=("collaboration.invited-newcomer",),
    silent=True,
    inject=inject,
    oracle=oracle,
    residue=cannot_be_invited,
    doses=(100, 50, 25, 10),
)
