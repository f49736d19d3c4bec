"""F35: an invitation lets in whoever holds its link."""

from __future__ import annotations

import dataclasses
from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe


def inject(seams: Seams) -> None:
    """Whoever accepts is taken for the one who was invited."""
    from products.cloudsuite.app.domain import invitations

    @seams.instead_of(invitations, "accept")
    def blind(original: Any, tx: Any, actor: Any, token: str) -> Any:
        return original(tx, dataclasses.replace(actor, email=invitations.find(tx, token)["email"]), token)


def oracle(probe: Probe) -> str:
    """Invite one person, and accept as another."""
    owner, meant, other = probe.person(), probe.address("meant"), probe.person("other")
    owner.invite(meant)
    token = probe.link(meant).rpartition("token=")[2]
    answer = other.http.post("/api/v1/invitations/accept", json={"token": token})
    if not answer.is_success:
        return ""
    probe.remember(owner, other)
    return f"somebody else accepted an invitation with {answer.status_code}"


FAULT = Fault(
    id="F35",
    title="An invitation that is opened in somebody else's session lets that person in.",
    layer=Layer.APPLICATION,
    journey="collaboration",
    risk="privilege-kept",
    expects=Expected("collaboration.wrong-account", "workspace", "critical"),
    silent=True,
    inject=inject,
    oracle=oracle,
    residue=Probe.stays_in,
)
