"""F25, of a workspace: its last owner leaves, and it comes into a state that it cannot be in.

The catalogue has no number of its own for it; nearest is a transition that must not be.
"""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def inject(seams: Seams) -> None:
    """Nobody asks who owns what is left."""
    from products.cloudsuite.app.domain import workspaces

    @seams.instead_of(workspaces, "leave")
    def unguarded(_original: Any, tx: Any, actor: Any, workspace_id: str) -> None:
        tx.execute("DELETE FROM members WHERE workspace_id = ? AND account_id = ?", (workspace_id, actor.id))


def oracle(probe: Probe) -> str:
    """Bring somebody in as an admin, leave as the only owner, and ask who owns the workspace."""
    owner = probe.person()
    other = owner.colleague("admin")
    answer = owner.http.post(f"/api/v1/workspaces/{owner.workspace}/leave")
    if not answer.is_success:
        return ""
    members = ok(other.http.get(f"/api/v1/workspaces/{other.workspace}/members"), 200).json()["items"]
    probe.remember(other)
    return f"the last owner left with {answer.status_code}; in the workspace are {', '.join(each['role'] for each in members)}"


def cannot_get_out(probe: Probe) -> str:
    """Look whether whoever was left behind without an owner can do what the runbook says: make a workspace of their own, and leave."""
    people, _ = probe.caught()
    for person in people:
        ok(person.http.post("/api/v1/workspaces", json={"name": "Anew"}), 201)
        answer = person.http.post(f"/api/v1/workspaces/{person.workspace}/leave")
        if not answer.is_success:
            return f"who was left behind in a workspace without an owner cannot leave it: {answer.status_code}"
    return ""


FAULT = Fault(
    id="F25-owner",
    title="The last owner can leave a workspace, and nobody owns it.",
    layer=Layer.APPLICATION,
    journey="collaboration",
    risk="lifecycle-corrupt",
    expects=Expected("collaboration.last-owner", "workspace", "error"),
    silent=True,
    inject=inject,
    oracle=oracle,
    residue=cannot_get_out,
)
