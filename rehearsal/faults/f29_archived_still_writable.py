"""F29, of the archive: a project is archived for reading, and work goes on."""

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
        return project if project.state is State.ARCHIVED else original(tx, actor, project_id)


def oracle(probe: Probe) -> str:
    """Archive a project, and write into it."""
    person = probe.person()
    project = person.project()
    ok(person.http.post(f"/api/v1/projects/{project}/archive"), 200)
    answer = person.writes(project)
    if not answer.is_success:
        return ""
    probe.remember(person, project=project)
    return f"a document was written into an archived project with {answer.status_code}"


def not_sealed(probe: Probe) -> str:
    """Look whether the project that was written is closed now, and open again once it is out of the archive."""
    people, what = probe.caught()
    for person in people:
        if (answer := person.writes(what["project"])).is_success:
            return f"the archived project that was written can still be written, with {answer.status_code}"
        ok(person.http.post(f"/api/v1/projects/{what['project']}/unarchive"), 200)
        if not (answer := person.writes(what["project"])).is_success:
            return f"out of the archive, the project that was written refuses writing with {answer.status_code}"
    return ""


FAULT = Fault(
    id="F29-archived",
    title="An archived project can still be written.",
    layer=Layer.APPLICATION,
    journey="lifecycle",
    risk="lifecycle-corrupt",
    expects=Expected("lifecycle.archive-read-only", "platform", "warning"),
    silent=True,
    inject=inject,
    oracle=oracle,
    residue=not_sealed,
)
