"""F32, of the whole table of rights: a role can do what only a higher one may."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def inject(seams: Seams) -> None:
    """Editors are let into what is for admins: inviting people."""
    from products.cloudsuite.app.domain import roles

    @seams.instead_of(roles, "require")
    def lenient(original: Any, tx: Any, actor: Any, workspace_id: str, right: Any) -> Any:
        role = roles.role_of(tx, actor.id, workspace_id)
        return role if role is roles.Role.EDITOR and right is roles.Right.INVITE else original(tx, actor, workspace_id, right)


def oracle(probe: Probe) -> str:
    """Invite somebody as an editor."""
    owner = probe.person()
    editor = owner.colleague("editor")
    guest = probe.person("guest")
    answer = editor.http.post(f"/api/v1/workspaces/{editor.workspace}/invitations", json={"email": guest.email, "role": "viewer"})
    if not answer.is_success:
        return ""
    token = probe.link(guest.email, 2).rpartition("token=")[2]
    probe.remember(owner, guest, invitation=answer.json()["id"], token=token)
    return f"an editor invited somebody with {answer.status_code}"


def still_invited(probe: Probe) -> str:
    """Do what the runbook says: have the owner take back what editors have sent out, and say whether it still lets anybody in."""
    people, what = probe.caught()
    if not people:
        return ""
    owner, guest = people
    ok(owner.http.delete(f"/api/v1/workspaces/{owner.workspace}/invitations/{what['invitation']}"), 204)
    answer = guest.http.post("/api/v1/invitations/accept", json={"token": what["token"]})
    return f"taken back, an editor's invitation still lets somebody in with {answer.status_code}" if answer.is_success else ""


FAULT = Fault(
    id="F32-invite",
    title="Editors can invite people, which is for admins.",
    layer=Layer.APPLICATION,
    journey="collaboration",
    risk="privilege-kept",
    expects=Expected("collaboration.role-matrix", "workspace", "critical"),
    silent=True,
    inject=inject,
    oracle=oracle,
    residue=still_invited,
)
