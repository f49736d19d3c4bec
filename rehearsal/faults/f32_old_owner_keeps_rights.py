"""F32, after a transfer: the old owner is shown as an admin, and has an owner's rights."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def inject(seams: Seams) -> None:
    """Whoever was there first counts as an owner while they are an admin."""
    from products.cloudsuite.app.domain import roles

    first = "SELECT account_id FROM members WHERE workspace_id = ? ORDER BY joined_at LIMIT 1"

    @seams.instead_of(roles, "role_of")
    def founder(original: Any, tx: Any, account_id: str, workspace_id: str) -> Any:
        role = original(tx, account_id, workspace_id)
        if role is not roles.Role.ADMIN or tx.execute(first, (workspace_id,)).fetchone()["account_id"] != account_id:
            return role
        return roles.Role.OWNER


def oracle(probe: Probe) -> str:
    """Hand a workspace over, and take the ownership back."""
    owner = probe.person()
    heir = owner.colleague("editor")
    ok(owner.http.post(f"/api/v1/workspaces/{owner.workspace}/transfer", json={"account_id": owner.account(heir.email)}), 200)
    answer = owner.set_role(owner.email, "owner")
    if not answer.is_success:
        return ""
    probe.remember(owner, heir)
    return f"after a transfer, the old owner made themselves an owner again with {answer.status_code}"


def still_an_owner(probe: Probe) -> str:
    """Do what the runbook says: have the new owner put the role right, and say whether the old one can take it back once more."""
    people, _ = probe.caught()
    if not people:
        return ""
    owner, heir = people
    ok(heir.set_role(owner.email, "admin"), 200)
    answer = owner.set_role(owner.email, "owner")
    return f"put right by the new owner, the old one made themselves an owner again with {answer.status_code}" if answer.is_success else ""


FAULT = Fault(
    id="F32-owner",
    title="Whoever has handed a workspace over keeps an owner's rights.",
    layer=Layer.APPLICATION,
    journey="collaboration",
    risk="lifecycle-corrupt",
    expects=Expected("collaboration.transfer", "workspace", "error"),
    silent=True,
    inject=inject,
    oracle=oracle,
    residue=still_an_owner,
)
