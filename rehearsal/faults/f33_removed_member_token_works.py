"""F33: somebody is removed from a workspace, and their token opens it on."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def inject(seams: Seams) -> None:
    """Whoever was a member is one still, to the token that they have kept."""
    from products.cloudsuite.app.domain import projects, roles, workspaces

    removed: set[tuple[str, str]] = set()

    @seams.instead_of(workspaces, "remove")
    def noting(original: Any, tx: Any, actor: Any, workspace_id: str, account_id: str) -> None:
        original(tx, actor, workspace_id, account_id)
        removed.add((workspace_id, account_id))

    @seams.instead_of(projects, "readable")
    def lenient(original: Any, tx: Any, actor: Any, project_id: str) -> Any:
        project = projects.load(tx, project_id)
        known = actor.api_token_id and (project.workspace_id, actor.id) in removed
        return (project, roles.Role.VIEWER) if known else original(tx, actor, project_id)


def oracle(probe: Probe) -> str:
    """Remove a member, and open a project by the token that they have kept."""
    owner = probe.person()
    project, member = owner.project(), owner.colleague("editor")
    token = ok(member.http.post("/api/v1/tokens", json={"name": "probe"}), 201).json()["token"]
    ok(owner.http.delete(f"/api/v1/workspaces/{owner.workspace}/members/{owner.account(member.email)}"), 204)
    answer = probe.client(Authorization=f"Bearer {token}").get(f"/api/v1/projects/{project}")
    if not answer.is_success:
        return ""
    probe.remember(member, project=project, token=token)
    return f"a removed member's API token opened the project with {answer.status_code}"


def opens_on(probe: Probe) -> str:
    """Say whether the token of whoever was removed meanwhile still opens the project."""
    _, what = probe.caught()
    if not what:
        return ""
    answer = probe.client(Authorization=f"Bearer {what['token']}").get(f"/api/v1/projects/{what['project']}")
    return f"after the rollback, a removed member's API token opened the project with {answer.status_code}" if answer.is_success else ""


FAULT = Fault(
    id="F33",
    title="The API token of a removed member still opens the workspace's projects.",
    layer=Layer.APPLICATION,
    journey="collaboration",
    risk="zombie-access",
    expects=Expected("collaboration.removed-member", "workspace", "critical"),
    silent=True,
    inject=inject,
    oracle=oracle,
    residue=opens_on,
)
