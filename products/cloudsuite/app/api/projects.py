"""Projects and the catalogue, for programs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header
from pydantic import BaseModel

from products.cloudsuite.app.access import ApiCall
from products.cloudsuite.app.domain import audit, catalogue, idempotency, projects
from products.cloudsuite.app.transitions import Action

router = APIRouter()


class NewProject(BaseModel):
    name: str
    template: str
    tier: str
    region: str


class Renamed(BaseModel):
    name: str
    version: int


@router.get("/catalogue")
def show_catalogue() -> dict[str, object]:
    return catalogue.describe()


@router.post("/workspaces/{workspace_id}/projects", status_code=202)
def create(call: ApiCall, workspace_id: str, new: NewProject, idempotency_key: Annotated[str | None, Header()] = None) -> dict[str, Any]:
    with call.writing() as (tx, actor):

        def make() -> dict[str, Any]:
            project = projects.create(tx, call.settings, actor, workspace_id, **new.model_dump())
            return projects.describe(tx, project)

        scope = f"project:{actor.id}:{workspace_id}"
        return idempotency.once(tx, scope, idempotency_key, new.model_dump(), make)


@router.get("/workspaces/{workspace_id}/projects")
def index(call: ApiCall, workspace_id: str, *, deleted: bool = False) -> dict[str, Any]:
    with call.reading() as (tx, actor):
        found = projects.listed(tx, actor, workspace_id, deleted=deleted)
        return {"items": [projects.describe(tx, project) for project in found]}


@router.get("/projects/{project_id}")
def show(call: ApiCall, project_id: str) -> dict[str, Any]:
    with call.reading() as (tx, actor):
        project, _ = projects.readable(tx, actor, project_id)
        return projects.describe(tx, project)


@router.patch("/projects/{project_id}")
def rename(call: ApiCall, project_id: str, change: Renamed) -> dict[str, Any]:
    with call.writing() as (tx, actor):
        return projects.describe(tx, projects.rename(tx, actor, project_id, change.name, change.version))


@router.get("/projects/{project_id}/audit")
def show_audit(call: ApiCall, project_id: str) -> dict[str, Any]:
    with call.reading() as (tx, actor):
        project, _ = projects.readable(tx, actor, project_id)
        return {"items": audit.of_project(tx, project.id)}


@router.delete("/projects/{project_id}", status_code=202)
def delete(call: ApiCall, project_id: str) -> dict[str, Any]:
    return _act(call, project_id, Action.DELETE)


@router.post("/projects/{project_id}/cancel")
def cancel(call: ApiCall, project_id: str) -> dict[str, Any]:
    return _act(call, project_id, Action.CANCEL)


@router.post("/projects/{project_id}/retry")
def retry(call: ApiCall, project_id: str) -> dict[str, Any]:
    return _act(call, project_id, Action.RETRY)


@router.post("/projects/{project_id}/archive")
def archive(call: ApiCall, project_id: str) -> dict[str, Any]:
    return _act(call, project_id, Action.ARCHIVE)


@router.post("/projects/{project_id}/unarchive")
def unarchive(call: ApiCall, project_id: str) -> dict[str, Any]:
    return _act(call, project_id, Action.UNARCHIVE)


@router.post("/projects/{project_id}/restore")
def restore(call: ApiCall, project_id: str) -> dict[str, Any]:
    return _act(call, project_id, Action.RESTORE)


@router.post("/projects/{project_id}/purge")
def purge(call: ApiCall, project_id: str) -> dict[str, Any]:
    return _act(call, project_id, Action.PURGE)


def _act(call: ApiCall, project_id: str, action: Action) -> dict[str, Any]:
    with call.writing() as (tx, actor):
        return projects.describe(tx, projects.act(tx, call.settings, actor, project_id, action))
