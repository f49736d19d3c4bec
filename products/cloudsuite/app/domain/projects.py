"""Projects: making, naming and reading them, and moving them along the table of transitions.

Every change of state goes through `move`, which alone writes `projects.state`.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from products.cloudsuite.app import clock, identifiers, refusals, telemetry
from products.cloudsuite.app.db import Tx
from products.cloudsuite.app.domain import audit, billing, catalogue, quotas, resources, roles
from products.cloudsuite.app.domain.names import clean_name
from products.cloudsuite.app.domain.roles import Right, Role
from products.cloudsuite.app.domain.sessions import Actor
from products.cloudsuite.app.settings import Settings
from products.cloudsuite.app.transitions import (
    HIDDEN,
    OCCUPYING,
    RULES,
    UNREADY,
    Action,
    IllegalTransition,
    Service,
    State,
    next_state,
)


@dataclass(frozen=True)
class Project:
    """A project as the database holds it; moments in unix seconds."""

    id: str
    workspace_id: str
    name: str
    state: State
    state_before: State | None
    """The state from which it was deleted."""
    reason: str | None
    template: str
    tier: str
    region: str
    version: int
    owner_id: str | None
    attempt: int
    """How often the worker has begun to provision it."""
    due_at: float | None
    """When the resources under way will be ready."""
    deadline_at: float
    """When it is late, unless ready."""
    created_at: float
    updated_at: float
    deleted_at: float | None
    restore_until: float | None

    def late(self, now: float) -> bool:
        """Whether the customer has been waiting for longer than promised."""
        return self.state in UNREADY and now >= self.deadline_at


def load(tx: Tx, project_id: str) -> Project:
    """The project, whoever asks and whatever its state: for the worker and the operator."""
    row = tx.execute("SELECT * FROM projects WHERE id = ?", (project_id,)).fetchone()
    if row is None:
        raise refusals.not_found("project")
    return _project(row)


def readable(tx: Tx, actor: Actor, project_id: str) -> tuple[Project, Role]:
    """The project and the actor's role in its workspace; not found for strangers, and once it is deleted."""
    project = load(tx, project_id)
    role = roles.role_of(tx, actor.id, project.workspace_id)
    if role is None or project.state in HIDDEN:
        raise refusals.not_found("project")
    return project, role


def writable(tx: Tx, actor: Actor, project_id: str, right: Right) -> Project:
    """The project, if the actor has the right to change it so, and it takes changes now."""
    project, _ = readable(tx, actor, project_id)
    roles.require(tx, actor, project.workspace_id, right)
    if project.state is State.SUSPENDED:
        raise refusals.project_suspended()
    if project.state is State.ARCHIVED:
        raise refusals.project_read_only()
    return project


def listed(tx: Tx, actor: Actor, workspace_id: str, *, deleted: bool = False) -> list[Project]:
    """The projects of a workspace, oldest first; or instead the deleted ones that can be restored."""
    roles.require(tx, actor, workspace_id, Right.LIST_DELETED if deleted else Right.READ)
    rows = tx.execute("SELECT * FROM projects WHERE workspace_id = ? ORDER BY created_at, id", (workspace_id,))
    found = [_project(row) for row in rows]
    return [project for project in found if (restorable(project) if deleted else project.state not in HIDDEN)]


def create(tx: Tx, settings: Settings, actor: Actor, workspace_id: str, *, name: str, template: str, tier: str, region: str) -> Project:
    """Ask for a project: it takes its name and its place in the quota at once, and is ready later."""
    roles.require(tx, actor, workspace_id, Right.CREATE_PROJECT)
    name = clean_name(name)
    catalogue.require_offered(template, tier, region)
    _require_free_name(tx, workspace_id, name)
    quotas.require_room(tx, workspace_id, quotas.Dimension.PROJECTS, 1)
    now = clock.now()
    project_id = identifiers.new_id("prj")
    tx.execute(
        "INSERT INTO projects (id, workspace_id, name, name_key, state, template, tier, region, owner_id, deadline_at,"
        " created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (project_id, workspace_id, name, name.casefold(), State.REQUESTED, template, tier, region, actor.id,
         now + settings.provisioning_deadline_seconds, now, now),
    )  # fmt: skip
    _remember(tx, project_id, State.REQUESTED, now)
    audit.record(tx, project_id, actor, "create", None, State.REQUESTED)
    billing.open_charge(tx, workspace_id, project_id, catalogue.TIERS[tier])
    return load(tx, project_id)


def rename(tx: Tx, actor: Actor, project_id: str, name: str, version: int) -> Project:
    """Give another name to the version that the member saw; links and rights stay."""
    project = writable(tx, actor, project_id, Right.RENAME_PROJECT)
    if version != project.version:
        raise refusals.version_conflict(project.version)
    name = clean_name(name)
    if project.state in OCCUPYING:
        _require_free_name(tx, project.workspace_id, name, besides=project.id)
    tx.execute(
        "UPDATE projects SET name = ?, name_key = ?, version = version + 1, updated_at = ? WHERE id = ?",
        (name, name.casefold(), clock.now(), project.id),
    )
    audit.record(tx, project.id, actor, "rename", project.state, project.state)
    return load(tx, project.id)


def act(tx: Tx, settings: Settings, actor: Actor, project_id: str, action: Action) -> Project:
    """A member's request to move a project. A deleted one is there for those who see it listed, to be acted on only."""
    project = load(tx, project_id)
    role = roles.role_of(tx, actor.id, project.workspace_id)
    seen = project.state not in HIDDEN or restorable(project)
    if role is None or not seen or (project.state in HIDDEN and not roles.allows(role, Right.LIST_DELETED)):
        raise refusals.not_found("project")
    by = RULES[action].by
    if isinstance(by, Service):
        raise refusals.forbidden(f"the {by}")
    roles.require(tx, actor, project.workspace_id, by)
    return move(tx, settings, project, action, actor)


def move(tx: Tx, settings: Settings, project: Project, action: Action, by: audit.By, reason: str | None = None) -> Project:
    """Change the state as the table says, with all that follows from it; nothing when it is done already.

    `project` must have been read in this transaction. The reason is shown to the customer while the state lasts.
    """
    try:
        target = next_state(project.state, action, project.state_before)
    except IllegalTransition as illegal:
        raise refusals.invalid_transition(illegal.state, illegal.action) from None
    if target is None:
        return project
    if target in OCCUPYING and project.state not in OCCUPYING:
        _require_free_name(tx, project.workspace_id, project.name)
        quotas.require_room(tx, project.workspace_id, quotas.Dimension.PROJECTS, 1)
    now = clock.now()
    deleting = target is State.DELETED
    tx.execute(
        "UPDATE projects SET state = ?, state_before = ?, reason = ?, version = version + 1, updated_at = ?,"
        " deleted_at = ?, restore_until = ? WHERE id = ?",
        (target, project.state if deleting else None, _reason(project, action, reason), now, now if deleting else None,
         now + settings.retention_seconds if deleting else None, project.id),
    )  # fmt: skip
    _remember(tx, project.id, target, now)
    audit.record(tx, project.id, by, action, project.state, target)
    telemetry.TRANSITIONS.labels(action=action.value).inc()
    if project.state in UNREADY and target not in UNREADY:
        _settle(tx, project, target, now)
    if target is State.REQUESTED:
        _ask_again(tx, settings, project, now)
    if target is State.PURGED:
        _erase(tx, project)
    return load(tx, project.id)


def restorable(project: Project) -> bool:
    """Whether it is deleted, and its time to be restored is not over."""
    return project.state is State.DELETED and (project.restore_until or 0.0) > clock.now()


def history(tx: Tx, project_id: str) -> list[tuple[State, float]]:
    """The states that a project went through, oldest first, and when it entered each."""
    rows = tx.execute("SELECT state, at FROM project_states WHERE project_id = ? ORDER BY rowid", (project_id,))
    return [(State(row["state"]), row["at"]) for row in rows]


def describe(tx: Tx, project: Project) -> dict[str, object]:
    """The project as the API shows it."""
    owner = tx.execute("SELECT id, email FROM accounts WHERE id = ?", (project.owner_id,)).fetchone()
    return {
        "id": project.id,
        "name": project.name,
        "workspace_id": project.workspace_id,
        "state": project.state,
        "reason": project.reason,
        "template": project.template,
        "tier": project.tier,
        "region": project.region,
        "version": project.version,
        "visibility": "private",
        "owner": dict(owner) if owner else None,
        "created_at": clock.text(project.created_at),
        "updated_at": clock.text(project.updated_at),
        "deadline_at": clock.text(project.deadline_at),
        "late": project.late(clock.now()),
        "deleted_at": clock.text(project.deleted_at),
        "restore_until": clock.text(project.restore_until),
        "history": [{"state": state, "at": clock.text(at)} for state, at in history(tx, project.id)],
    }


def _project(row: sqlite3.Row) -> Project:
    values = {name: row[name] for name in Project.__dataclass_fields__}
    before = row["state_before"]
    return Project(**values | {"state": State(row["state"]), "state_before": State(before) if before else None})


def _require_free_name(tx: Tx, workspace_id: str, name: str, besides: str = "") -> None:
    rows = tx.execute(
        "SELECT state FROM projects WHERE workspace_id = ? AND name_key = ? AND id != ?",
        (workspace_id, name.casefold(), besides),
    ).fetchall()  # a cursor that a refusal leaves halfway would keep the database from being written until it is collected
    if any(row["state"] in OCCUPYING for row in rows):
        raise refusals.name_taken(name)


def _reason(project: Project, action: Action, given: str | None) -> str | None:
    if action is Action.DELETE and project.state in UNREADY:
        return "It was deleted before it was ready."
    return project.reason if action in (Action.DELETE, Action.RESTORE) else given


def _remember(tx: Tx, project_id: str, state: State, now: float) -> None:
    tx.execute("INSERT INTO project_states (project_id, state, at) VALUES (?, ?, ?)", (project_id, state, now))


def _settle(tx: Tx, project: Project, target: State, now: float) -> None:
    """The wait is over: keep and charge what was made, or release and void it."""
    if target is State.ACTIVE:
        billing.capture_charge(tx, project.id)
    else:
        billing.void_charge(tx, project.id)
        resources.release(tx, project.id)
    asked_at = max(at for state, at in history(tx, project.id) if state is State.REQUESTED)
    tx.execute(
        "INSERT INTO provisionings (state, synthetic, seconds) VALUES (?, coalesce((SELECT synthetic FROM accounts WHERE id = ?), 0), ?)",
        (target, project.owner_id, now - asked_at),
    )


def _ask_again(tx: Tx, settings: Settings, project: Project, now: float) -> None:
    tx.execute(
        "UPDATE projects SET deadline_at = ?, due_at = NULL WHERE id = ?",
        (now + settings.provisioning_deadline_seconds, project.id),
    )
    billing.open_charge(tx, project.workspace_id, project.id, catalogue.TIERS[project.tier])


def _erase(tx: Tx, project: Project) -> None:
    """Nothing of the customer's is left; the row stays for the audit."""
    tx.execute("DELETE FROM documents WHERE project_id = ?", (project.id,))
    tx.execute("UPDATE projects SET name = '', name_key = '' WHERE id = ?", (project.id,))
    resources.release(tx, project.id)
