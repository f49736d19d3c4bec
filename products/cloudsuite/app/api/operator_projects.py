"""What the operator does to projects."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from products.cloudsuite.app import clock
from products.cloudsuite.app.access import ApiCall
from products.cloudsuite.app.domain import projects
from products.cloudsuite.app.transitions import Action

router = APIRouter(prefix="/projects/{project_id}")


class Because(BaseModel):
    """Why; a suspension shows it to the customer."""

    reason: str = ""


@router.get("")
def show(call: ApiCall, project_id: str) -> dict[str, Any]:
    """The project, whoever owns it and whatever its state."""
    with call.database.reading() as tx:
        return projects.describe(tx, projects.load(tx, project_id))


@router.post("/suspend")
def suspend(call: ApiCall, project_id: str, because: Because | None = None) -> dict[str, Any]:
    return _move(call, project_id, Action.SUSPEND, because)


@router.post("/resume")
def resume(call: ApiCall, project_id: str, because: Because | None = None) -> dict[str, Any]:
    return _move(call, project_id, Action.RESUME, because)


@router.post("/retention/expire")
def expire_retention(call: ApiCall, project_id: str) -> dict[str, Any]:
    """The time to restore a deleted project is over now; the worker purges it at its next turn."""
    with call.database.transaction() as tx:
        projects.load(tx, project_id)
        tx.execute("UPDATE projects SET restore_until = ? WHERE id = ? AND state = 'deleted'", (clock.now(), project_id))
        return projects.describe(tx, projects.load(tx, project_id))


def _move(call: ApiCall, project_id: str, action: Action, because: Because | None) -> dict[str, Any]:
    with call.database.transaction() as tx:
        project = projects.load(tx, project_id)
        reason = because.reason.strip() if because else ""
        moved = projects.move(tx, call.settings, project, action, "operator", reason or None)
        return projects.describe(tx, moved)
