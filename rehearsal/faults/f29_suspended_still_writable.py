"""F29: a project is suspended, and work goes on."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def inject(seams: Seams) -> None:
    """Documents are written as if the project were active."""
    from products.cloudsuite.app.domain import documents, projects
    from products.cloudsuite.app.transitions import State

    @seams.instead_of(documents, "_ready")
    def lenient(original: Any, tx: Any, actor: Any, project_id: str) -> Any:
        project = projects.load(tx, project_id)
        return project if project.state is State.SUSPENDED else original(tx, actor, project_id)


def oracle(probe: Probe) -> str:
    """Have the operator suspend a project, and write into it as its customer."""
    person = probe.person()
    project = person.project()
    ok(probe.operator().post(f"/operator/projects/{project}/suspend"), 200)
    answer = person.http.post(f"/api/v1/projects/{project}/documents", json={"title": "probe", "body": "text"})
    return f"a document was written into a suspended project with {answer.status_code}" if answer.is_success else ""


FAULT = Fault(
    id="F29",
    title="A suspended project can still be written.",
    layer=Layer.APPLICATION,
    journey="lifecycle",
    risk="zombie-access",
    expects=Expected("lifecycle.suspend-resume", "platform", "error"),
    silent=True,
    inject=inject,
    oracle=oracle,
)
