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
    answer = person.writes(project)
    if not answer.is_success:
        return ""
    probe.remember(person, project=project)
    return f"a document was written into a suspended project with {answer.status_code}"


def not_sealed(probe: Probe) -> str:
    """Say whether the project that was written is still open, or stays closed once it is resumed."""
    people, what = probe.caught()
    for person in people:
        if (answer := person.writes(what["project"])).is_success:
            return f"the suspended project that was written can still be written, with {answer.status_code}"
        ok(probe.operator().post(f"/operator/projects/{what['project']}/resume"), 200)
        if not (answer := person.writes(what["project"])).is_success:
            return f"resumed, the project that was written refuses writing with {answer.status_code}"
    return ""


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
    residue=not_sealed,
)
