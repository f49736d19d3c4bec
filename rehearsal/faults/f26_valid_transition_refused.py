"""F26: the product refuses to move a project as its own table says that it may be moved."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ProbeTrouble, ok, until


def keep_what_failed(seams: Seams) -> None:
    """A project that could not be made cannot be deleted either."""
    from products.cloudsuite.app import refusals
    from products.cloudsuite.app.domain import projects
    from products.cloudsuite.app.transitions import Action, State

    @seams.instead_of(projects, "move")
    def stubborn(original: Any, tx: Any, settings: Any, project: Any, action: Action, *given: Any, **named: Any) -> Any:
        if (project.state, action) == (State.FAILED, Action.DELETE):
            raise refusals.invalid_transition(project.state, action)
        return original(tx, settings, project, action, *given, **named)


def refuse_to_restore(seams: Seams) -> None:
    """What was deleted stays so: the trash is no safety net."""
    from products.cloudsuite.app import refusals
    from products.cloudsuite.app.domain import projects
    from products.cloudsuite.app.transitions import Action

    @seams.instead_of(projects, "move")
    def stubborn(original: Any, tx: Any, settings: Any, project: Any, action: Action, *given: Any, **named: Any) -> Any:
        if action is Action.RESTORE:
            raise refusals.invalid_transition(project.state, action)
        return original(tx, settings, project, action, *given, **named)


def failed_stays(probe: Probe) -> str:
    """Ask for a project in the region that always fails, and delete it."""
    person = probe.person()
    project = str(ok(person.ask_project(region="zz-fail"), 202).json()["id"])
    if not until(lambda: person.state(project) == "failed"):
        msg = f"project {project} is {person.state(project)!r}, and should have failed"
        raise ProbeTrouble(msg)
    answer = person.http.delete(f"/api/v1/projects/{project}")
    if answer.is_success:
        return ""
    probe.remember(person, project=project)
    return f"deleting a failed project was refused with {answer.status_code}"


def failed_stays_on(probe: Probe) -> str:
    """Say whether whoever could not get rid of a project still cannot."""
    people, what = probe.caught()
    answers = [person.http.delete(f"/api/v1/projects/{what['project']}") for person in people]
    return next((f"after the rollback, deleting a failed project is refused with {each.status_code}" for each in answers if not each.is_success), "")


def deleted_stays(probe: Probe) -> str:
    """Delete a project, and restore it at once."""
    person = probe.person()
    project = person.project()
    ok(person.http.delete(f"/api/v1/projects/{project}"), 202)
    answer = person.http.post(f"/api/v1/projects/{project}/restore")
    if answer.is_success:
        return ""
    probe.remember(person, project=project)
    return f"restoring a project right after it was deleted was refused with {answer.status_code}"


def deleted_stays_on(probe: Probe) -> str:
    """Say whether whoever could not get a project back still cannot."""
    people, what = probe.caught()
    answers = [person.http.post(f"/api/v1/projects/{what['project']}/restore") for person in people]
    return next((f"after the rollback, restoring a deleted project is refused with {each.status_code}" for each in answers if not each.is_success), "")


FAULTS = (
    Fault(
        id="F26",
        title="A project that failed cannot be deleted.",
        layer=Layer.APPLICATION,
        journey="lifecycle",
        risk="lifecycle-corrupt",
        expects=Expected("lifecycle.delete-from-every-state", "platform", "error"),
        inject=keep_what_failed,
        oracle=failed_stays,
        residue=failed_stays_on,
    ),
    Fault(
        id="F26-restore",
        title="A deleted project cannot be restored, though its time to be restored is not over.",
        layer=Layer.APPLICATION,
        journey="lifecycle",
        risk="data-lost",
        expects=Expected("lifecycle.restore", "platform", "critical"),
        inject=refuse_to_restore,
        oracle=deleted_stays,
        residue=deleted_stays_on,
    ),
)
