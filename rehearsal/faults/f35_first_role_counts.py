"""F35: somebody is invited as an admin, then as a viewer, and comes in as an admin."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def inject(seams: Seams) -> None:
    """The role of the first invitation to an address counts."""
    from products.cloudsuite.app.domain import invitations

    @seams.instead_of(invitations, "_take_seat")
    def first_role(original: Any, tx: Any, invitation: Any, account_id: str) -> Any:
        asked = "SELECT role FROM invitations WHERE workspace_id = ? AND email = ? ORDER BY created_at LIMIT 1"
        role = tx.execute(asked, (invitation["workspace_id"], invitation["email"])).fetchone()["role"]
        return original(tx, dict(invitation) | {"role": role}, account_id)


def oracle(probe: Probe) -> str:
    """Invite somebody twice, accept the later invitation, and read the role."""
    owner, other = probe.person(), probe.person("mate")
    for role in ("admin", "viewer"):
        owner.invite(other.email, role)
    token = probe.link(other.email, 3).rpartition("token=")[2]
    ok(other.http.post("/api/v1/invitations/accept", json={"token": token}), 200)
    role = str(ok(other.http.get(f"/api/v1/workspaces/{owner.workspace}"), 200).json()["role"])
    return "" if role == "viewer" else f"whoever was invited as a viewer at last came in as {role}"


FAULT = Fault(
    id="F35-role",
    title="Of two invitations to one person the first role counts.",
    layer=Layer.APPLICATION,
    journey="collaboration",
    risk="privilege-kept",
    expects=Expected("collaboration.invited-again", "workspace", "error"),
    permits=("collaboration.expired-invitation",),  # whose guest is invited anew, in another role
    silent=True,
    inject=inject,
    oracle=oracle,
)
