"""F15, of what is done to a project: a request that is sent again is done again, and written down twice."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def inject(seams: Seams) -> None:
    """What is archived already is archived once more."""
    from products.cloudsuite.app.domain import audit, projects
    from products.cloudsuite.app.transitions import Action, State

    @seams.instead_of(projects, "move")
    def again(original: Any, tx: Any, settings: Any, project: Any, action: Any, by: Any, *given: Any, **named: Any) -> Any:
        if (project.state, action) == (State.ARCHIVED, Action.ARCHIVE):
            audit.record(tx, project.id, by, action, project.state, project.state)
        return original(tx, settings, project, action, by, *given, **named)


def oracle(probe: Probe) -> str:
    """Archive a project twice, and count what the audit log has of it."""
    person = probe.person()
    project = person.project()
    for _ in range(2):
        ok(person.http.post(f"/api/v1/projects/{project}/archive"), 200)
    entries = ok(person.http.get(f"/api/v1/projects/{project}/audit"), 200).json()["items"]
    archived = sum(each["action"] == "archive" for each in entries)
    return f"archived twice, a project has {archived} entries of it in its audit log" if archived > 1 else ""


FAULT = Fault(
    id="F15-archive",
    title="A request that is sent again to a project is done again.",
    layer=Layer.APPLICATION,
    journey="lifecycle",
    risk="lifecycle-corrupt",
    expects=Expected("lifecycle.repeat-is-idempotent", "platform", "warning"),
    silent=True,
    inject=inject,
    oracle=oracle,
)
