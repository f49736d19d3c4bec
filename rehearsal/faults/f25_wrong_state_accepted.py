"""F25: a project is moved from a state from which it must not be."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def archive_what_is_suspended(seams: Seams) -> None:
    """A customer gets out of a suspension: archive, then unarchive."""
    from products.cloudsuite.app.domain import projects
    from products.cloudsuite.app.transitions import Action, State

    @seams.instead_of(projects, "next_state")
    def lenient(original: Any, state: State, action: Action, deleted_from: State | None) -> State | None:
        return State.ARCHIVED if (state, action) == (State.SUSPENDED, Action.ARCHIVE) else original(state, action, deleted_from)


def purge_what_is_live(seams: Seams) -> None:
    """One click, and a living project is gone for good: the trash is passed over."""
    from products.cloudsuite.app.domain import projects
    from products.cloudsuite.app.transitions import Action, State

    @seams.instead_of(projects, "next_state")
    def lenient(original: Any, state: State, action: Action, deleted_from: State | None) -> State | None:
        return State.PURGED if (state, action) == (State.ACTIVE, Action.PURGE) else original(state, action, deleted_from)


def out_of_suspension(probe: Probe) -> str:
    """Have the operator suspend a project, and archive it as its customer."""
    person = probe.person()
    project = person.project()
    ok(probe.operator().post(f"/operator/projects/{project}/suspend"), 200)
    answer = person.http.post(f"/api/v1/projects/{project}/archive")
    if not answer.is_success:
        return ""
    probe.remember(person, project=project)
    return f"a suspended project was archived by its customer, and is now {person.state(project)}"


def stays_out(probe: Probe) -> str:
    """Do what the runbook says for those who got out, take the project out of the archive and suspend it, and say whether it is still open."""
    people, what = probe.caught()
    for person in people:
        ok(person.http.post(f"/api/v1/projects/{what['project']}/unarchive"), 200)
        ok(probe.operator().post(f"/operator/projects/{what['project']}/suspend"), 200)
    answers = [person.writes(what["project"]) for person in people]
    return next((f"suspended again, a project that had got out was written with {each.status_code}" for each in answers if each.is_success), "")


def past_the_trash(probe: Probe) -> str:
    """Purge a project that nobody has deleted."""
    person = probe.person()
    project = person.project()
    answer = person.http.post(f"/api/v1/projects/{project}/purge")
    return f"an active project was purged with {answer.status_code}" if answer.is_success else ""


def fault(variant: str, title: str, inject: Any, oracle: Any, residue: Any = None) -> Fault:
    """Return one that the same scenario must see: nothing else tries what is illegal."""
    return Fault(
        id=f"F25{variant}",
        title=title,
        layer=Layer.APPLICATION,
        journey="lifecycle",
        risk="lifecycle-corrupt",
        expects=Expected("lifecycle.illegal-transitions", "platform", "error"),
        silent=True,
        inject=inject,
        oracle=oracle,
        residue=residue,
    )


FAULTS = (
    fault(
        "", "A suspended project can be archived by its customer, and so gets out of its suspension.", archive_what_is_suspended, out_of_suspension, stays_out
    ),
    fault("-purge", "A project that nobody has deleted can be purged for good.", purge_what_is_live, past_the_trash),
)
