"""F14: a project is called ready, and cannot be used."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ProbeTrouble, ok, until


def keep_nothing(seams: Seams) -> None:
    """What is written into a project is confirmed, and not kept."""
    from products.cloudsuite.app.domain import documents

    @seams.instead_of(documents, "create")
    def volatile(original: Any, tx: Any, *given: Any, **named: Any) -> Any:
        written = original(tx, *given, **named)
        tx.execute("DELETE FROM documents WHERE id = ?", (written.id,))
        return written


def loses_what_is_written(probe: Probe) -> str:
    """Write a document into a project that is active, and read it."""
    person = probe.person()
    document = person.document(person.project())
    status = person.http.get(f"/api/v1/documents/{document}").status_code
    return "" if status == 200 else f"a document that was taken with 201 is read with {status}"


def leave_retried_empty(seams: Seams) -> None:
    """What was made at a second attempt is active, and has nowhere to write."""
    from products.cloudsuite.app import refusals
    from products.cloudsuite.app.domain import documents, projects

    @seams.instead_of(documents, "_ready")
    def hollow(original: Any, tx: Any, actor: Any, project_id: str) -> Any:
        if projects.load(tx, project_id).attempt > 1:
            raise refusals.not_found("project")
        return original(tx, actor, project_id)


def retried_is_unusable(probe: Probe) -> str:
    """Retry a project that fails at first, and write into it once it is active."""
    person = probe.person()
    project = str(ok(person.ask_project(region="zz-flaky"), 202).json()["id"])
    if not until(lambda: person.state(project) == "failed"):
        msg = f"the project to be retried is {person.state(project)!r}, not failed"
        raise ProbeTrouble(msg)
    ok(person.http.post(f"/api/v1/projects/{project}/retry"), 200)
    if not until(lambda: person.state(project) == "active"):
        msg = f"the retried project is {person.state(project)!r}, not active"
        raise ProbeTrouble(msg)
    answer = person.writes(project)
    if answer.is_success:
        return ""
    probe.remember(person, project=project)
    return f"writing into an active project that was retried answers {answer.status_code}"


def stays_unusable(probe: Probe) -> str:
    """Say whether the project that could not be used still cannot."""
    people, what = probe.caught()
    answers = [person.writes(what["project"]).status_code for person in people]
    return next((f"after the rollback, writing into the project that was retried answers {each}" for each in answers if each != 201), "")


FAULTS = (
    Fault(
        id="F14",
        title="A project is called ready, and what is written into it is gone.",
        layer=Layer.APPLICATION,
        journey="provisioning",
        risk="provisioning-stuck",
        expects=Expected("provisioning.ready-and-used", "platform", "critical"),
        permits=("provisioning.every-variant", "provisioning.retry-after-failure", "provisioning.tenant-isolation"),
        silent=True,
        inject=keep_nothing,
        oracle=loses_what_is_written,
        doses=(100, 50, 25, 10),
    ),
    Fault(
        id="F14-retry",
        title="A project that got ready at the second attempt cannot be used.",
        layer=Layer.APPLICATION,
        journey="provisioning",
        risk="provisioning-stuck",
        expects=Expected("provisioning.retry-after-failure", "platform", "error"),
        silent=True,
        inject=leave_retried_empty,
        oracle=retried_is_unusable,
        residue=stays_unusable,
    ),
)
