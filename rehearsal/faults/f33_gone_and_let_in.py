"""F33: somebody has left, or a token was revoked, and both open what they opened before."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def token_lives(seams: Seams) -> None:
    """Revoking a token is answered with success."""
    from products.cloudsuite.app.domain import tokens

    @seams.instead_of(tokens, "revoke")
    def nothing(_original: Any, _tx: Any, _actor: Any, _token_id: str) -> None:
        return None


def member_stays(seams: Seams) -> None:
    """Who leaves and is no owner is told so, and is a member still."""
    from products.cloudsuite.app.domain import roles, workspaces

    @seams.instead_of(workspaces, "leave")
    def nothing(original: Any, tx: Any, actor: Any, workspace_id: str) -> None:
        if roles.role_of(tx, actor.id, workspace_id) is roles.Role.OWNER:
            original(tx, actor, workspace_id)


def uses_token(probe: Probe) -> str:
    """Revoke a token, and use it."""
    person = probe.person()
    made = ok(person.http.post("/api/v1/tokens", json={"name": "probe"}), 201).json()
    ok(person.http.delete(f"/api/v1/tokens/{made['id']}"), 204)
    answer = probe.client(Authorization=f"Bearer {made['token']}").get("/api/v1/me")
    return f"an API token that was revoked is answered with {answer.status_code}" if answer.is_success else ""


def looks_in(probe: Probe) -> str:
    """Leave a workspace, and look at it."""
    owner = probe.person()
    member = owner.colleague("viewer")
    ok(member.http.post(f"/api/v1/workspaces/{owner.workspace}/leave"), 204)
    answer = member.http.get(f"/api/v1/workspaces/{owner.workspace}")
    return f"a workspace that somebody has left is shown to them with {answer.status_code}" if answer.is_success else ""


FAULTS = (
    Fault(
        id="F33-revoked",
        title="An API token that was revoked goes on working.",
        layer=Layer.APPLICATION,
        journey="account",
        risk="account-takeover",
        expects=Expected("account.token-revoked", "identity", "critical"),
        silent=True,
        inject=token_lives,
        oracle=uses_token,
    ),
    Fault(
        id="F33-left",
        title="Somebody who has left a workspace is in it still.",
        layer=Layer.APPLICATION,
        journey="collaboration",
        risk="zombie-access",
        expects=Expected("collaboration.leave", "workspace", "error"),
        permits=("collaboration.transfer",),  # the old owner leaves last
        silent=True,
        inject=member_stays,
        oracle=looks_in,
    ),
)
