"""F05, of an invitation: its time is over, and it lets its person in."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def inject(seams: Seams) -> None:
    """An invitation is what it was when it was made, whatever the time."""
    from products.cloudsuite.app.domain import invitations

    @seams.instead_of(invitations, "_state")
    def timeless(_original: Any, row: Any) -> str:
        return str(row["state"])


def oracle(probe: Probe) -> str:
    """Invite somebody, have the operator end the life of the link, and accept."""
    owner, guest = probe.person(), probe.person("guest")
    owner.invite(guest.email)
    token = probe.link(guest.email, 2).rpartition("token=")[2]
    ok(probe.operator().post("/operator/links/expire", json={"email": guest.email}), 200)
    answer = guest.http.post("/api/v1/invitations/accept", json={"token": token})
    if not answer.is_success:
        return ""
    guest.workspace = owner.workspace
    probe.remember(owner, guest)
    return f"an invitation whose time was over let somebody in with {answer.status_code}"


FAULT = Fault(
    id="F05-invitation",
    title="An invitation whose time is over still lets its person in.",
    layer=Layer.APPLICATION,
    journey="collaboration",
    risk="team-cannot-form",
    expects=Expected("collaboration.expired-invitation", "workspace", "error"),
    silent=True,
    inject=inject,
    oracle=oracle,
    residue=Probe.stays_in,
    doses=(100, 50, 25, 10),
)
