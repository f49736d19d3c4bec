"""F35, of an invitation that was taken back: its link lets in whom the workspace no longer wants."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def about_token(about: Any) -> str:
    """Find out whom an invitation is for."""
    from products.cloudsuite.app.identifiers import digest

    found = about["tx"].execute("SELECT email FROM invitations WHERE token_digest = ?", (digest(about["token"]),)).fetchone()
    return str(found["email"]) if found else ""


def inject(seams: Seams) -> None:
    """Whoever has the link is let in, though the invitation was taken back."""
    from products.cloudsuite.app.domain import invitations
    from products.cloudsuite.app.identifiers import digest

    @seams.instead_of(invitations, "find", whose=about_token)
    def lenient(original: Any, tx: Any, token: str) -> Any:
        row = tx.execute("SELECT * FROM invitations WHERE token_digest = ?", (digest(token),)).fetchone()
        return row if row["state"] == "revoked" else original(tx, token)


def oracle(probe: Probe) -> str:
    """Invite somebody, take it back, and accept."""
    owner, guest = probe.person(), probe.person("guest")
    invitation = owner.invite(guest.email)
    token = probe.link(guest.email, 2).rpartition("token=")[2]
    ok(owner.http.delete(f"/api/v1/workspaces/{owner.workspace}/invitations/{invitation}"), 204)
    answer = guest.http.post("/api/v1/invitations/accept", json={"token": token})
    if not answer.is_success:
        return ""
    guest.workspace = owner.workspace
    probe.remember(owner, guest)
    return f"an invitation that was taken back let somebody in with {answer.status_code}"


FAULT = Fault(
    id="F35-revoked",
    title="An invitation that was taken back still lets its person in.",
    layer=Layer.APPLICATION,
    journey="collaboration",
    risk="zombie-access",
    expects=Expected("collaboration.revoked-invitation", "workspace", "error"),
    silent=True,
    inject=inject,
    oracle=oracle,
    residue=Probe.stays_in,
    doses=(100, 50, 25, 10),
)
