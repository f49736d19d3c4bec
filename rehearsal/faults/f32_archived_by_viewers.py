"""F32: who may only look archives a project, and everybody else can write it no more."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe


def inject(seams: Seams) -> None:
    """The right to archive is anybody's in the workspace."""
    from products.cloudsuite.app.domain import roles

    @seams.instead_of(roles, "require")
    def lenient(original: Any, tx: Any, actor: Any, workspace_id: str, right: Any) -> Any:
        return original(tx, actor, workspace_id, roles.Right.READ if right is roles.Right.ARCHIVE_PROJECT else right)


def oracle(probe: Probe) -> str:
    """Archive a project as a viewer."""
    owner = probe.person()
    project, viewer = owner.project(), owner.colleague("viewer")
    answer = viewer.http.post(f"/api/v1/projects/{project}/archive")
    return f"a viewer archived a project with {answer.status_code}" if answer.is_success else ""


FAULT = Fault(
    id="F32-archive",
    title="Viewers can archive projects.",
    layer=Layer.APPLICATION,
    journey="collaboration",
    risk="privilege-kept",
    expects=Expected("collaboration.roles-over-projects", "workspace", "error"),
    silent=True,
    inject=inject,
    oracle=oracle,
)
