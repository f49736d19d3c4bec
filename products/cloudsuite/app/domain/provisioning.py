"""Provisioning, as the worker does it: by the clock, so that projects are provisioned side by side.

Each turn reads the waiting projects anew inside its write transaction, and moves them by the table. A project that was
cancelled or deleted meanwhile is no longer waiting, and stays as it is.
"""

from __future__ import annotations

from products.cloudsuite.app import clock
from products.cloudsuite.app.db import Database, Tx
from products.cloudsuite.app.domain import projects, resources
from products.cloudsuite.app.domain.catalogue import TEST_REGIONS, TestRegion
from products.cloudsuite.app.domain.projects import Project
from products.cloudsuite.app.settings import Settings
from products.cloudsuite.app.transitions import UNREADY, Action, State

PATIENCE = 3
"""A project is given up once it has taken this many times its deadline."""

WAITING = f"state IN {tuple(state.value for state in UNREADY)}"
EXPIRED = f"state = '{State.DELETED}' AND restore_until <= ?"

ORDINARY = TestRegion("Behaves.")


def advance(database: Database, settings: Settings) -> bool:
    """Take every project as far as the time allows; whether any is still on its way."""
    now = clock.now()
    with database.reading() as tx:
        waiting = _ids(tx, WAITING)
        expired = _ids(tx, EXPIRED, now)
    if waiting or expired:
        with database.transaction() as tx:
            for project_id in _ids(tx, WAITING):
                step(tx, settings, project_id, now)
            for project_id in _ids(tx, EXPIRED, now):
                projects.move(tx, settings, projects.load(tx, project_id), Action.PURGE, "system")
    return bool(waiting)


def step(tx: Tx, settings: Settings, project_id: str, now: float) -> None:
    """Take one project one step further, if it still wants to be."""
    project = projects.load(tx, project_id)
    if project.state not in UNREADY:
        return
    region = TEST_REGIONS.get(project.region, ORDINARY)
    if now >= project.deadline_at + (PATIENCE - 1) * settings.provisioning_deadline_seconds:
        _fail(tx, settings, project, "It was not ready in time, and we gave up. Nothing was charged.")
    elif project.state is State.REQUESTED:
        _begin(tx, settings, project, now, region.seconds or settings.provisioning_seconds)
    elif project.due_at is not None and now >= project.due_at:
        if project.attempt <= region.fails_attempts:
            _fail(tx, settings, project, f"The region {project.region} could not provide it. Nothing was charged.")
        else:
            projects.move(tx, settings, project, Action.FINISH, "system")


def _ids(tx: Tx, condition: str, *values: float) -> list[str]:
    return [row["id"] for row in tx.execute(f"SELECT id FROM projects WHERE {condition}", values)]  # noqa: S608 -- the conditions stand above


def _begin(tx: Tx, settings: Settings, project: Project, now: float, seconds: float) -> None:
    projects.move(tx, settings, project, Action.BEGIN, "system")
    resources.allocate(tx, project.id, project.region)
    tx.execute("UPDATE projects SET attempt = attempt + 1, due_at = ? WHERE id = ?", (now + seconds, project.id))


def _fail(tx: Tx, settings: Settings, project: Project, reason: str) -> None:
    projects.move(tx, settings, project, Action.FAIL, "system", reason)
