"""The dashboard of a workspace, and the page of a project."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from products.cloudsuite.app import clock
from products.cloudsuite.app.access import PageVisit
from products.cloudsuite.app.domain import audit, catalogue, documents, idempotency, projects, quotas, roles, workspaces
from products.cloudsuite.app.domain.projects import Project
from products.cloudsuite.app.domain.roles import Right
from products.cloudsuite.app.refusals import Refusal
from products.cloudsuite.app.transitions import HIDDEN, Action, State, offered

router = APIRouter()

BUTTONS = {
    Action.CANCEL: ("Cancel", "danger"),
    Action.RETRY: ("Try again", "primary"),
    Action.ARCHIVE: ("Archive", "quiet"),
    Action.UNARCHIVE: ("Unarchive", "primary"),
    Action.DELETE: ("Delete", "danger"),
    Action.RESTORE: ("Restore", "quiet"),
    Action.PURGE: ("Delete for good", "danger"),
}
"""How the actions of members are shown: label and kind of button."""


@router.get("/w/{workspace_id}")
def dashboard(visit: PageVisit, workspace_id: str) -> Response:
    return _dashboard(visit, workspace_id)


@router.get("/w/{workspace_id}/projects.json")
def watch_dashboard(visit: PageVisit, workspace_id: str) -> dict[str, Any]:
    """What the dashboard's script asks again and again: whether the list is still the one shown."""
    with visit.reading() as (tx, actor):
        found = projects.listed(tx, actor, workspace_id)
        return {"stamp": _stamp(found), "items": [projects.describe(tx, project) for project in found]}


@router.get("/w/{workspace_id}/projects/new")
def new(visit: PageVisit, workspace_id: str) -> Response:
    return _form(visit, workspace_id)


@router.post("/w/{workspace_id}/projects/new")
def create(visit: PageVisit, workspace_id: str) -> Response:
    """Sent twice, the same form makes one project and leads to it both times."""
    asked = {name: visit.text(name) for name in ("name", "template", "tier", "region")}
    try:
        with visit.writing() as (tx, actor):

            def make() -> dict[str, Any]:
                return {"id": projects.create(tx, visit.settings, actor, workspace_id, **asked).id}

            scope = f"project-form:{actor.id}:{workspace_id}"
            made = idempotency.once(tx, scope, visit.text("form_id"), asked, make)
    except Refusal as refusal:
        if refusal.code in ("unauthenticated", "not_found"):
            raise
        return _form(visit, workspace_id, refusal, asked)
    return visit.go(f"/p/{made['id']}", notice="project-requested")


@router.get("/p/{project_id}")
def show(visit: PageVisit, project_id: str) -> Response:
    return _project(visit, project_id)


@router.get("/p/{project_id}/project.json")
def watch(visit: PageVisit, project_id: str) -> dict[str, Any]:
    """What the project's script asks again and again: whether the project still is as shown."""
    with visit.reading() as (tx, actor):
        project, _ = projects.readable(tx, actor, project_id)
        return {"stamp": _stamp([project]), "project": projects.describe(tx, project)}


@router.post("/p/{project_id}/rename")
def rename(visit: PageVisit, project_id: str) -> Response:
    version = visit.text("version")
    try:
        with visit.writing() as (tx, actor):
            projects.rename(tx, actor, project_id, visit.text("name"), int(version) if version.isdecimal() else 0)
    except Refusal as refusal:
        return _project(visit, project_id, refusal)
    return visit.go(f"/p/{project_id}", notice="saved")


@router.post("/p/{project_id}/documents")
def create_document(visit: PageVisit, project_id: str) -> Response:
    title = visit.text("title")
    try:
        with visit.writing() as (tx, actor):

            def make() -> dict[str, Any]:
                return {"id": documents.create(tx, actor, project_id, title, "").id}

            scope = f"document-form:{actor.id}:{project_id}"
            made = idempotency.once(tx, scope, visit.text("form_id"), {"title": title}, make)
    except Refusal as refusal:
        return _project(visit, project_id, refusal)
    return visit.go(f"/d/{made['id']}")


@router.post("/p/{project_id}/{action}")
def act(visit: PageVisit, project_id: str, action: Action) -> Response:
    try:
        with visit.writing() as (tx, actor):
            project = projects.act(tx, visit.settings, actor, project_id, action)
    except Refusal as refusal:
        return _where_the_button_stood(visit, project_id, refusal)
    gone = project.state in (State.DELETED, State.PURGED)
    return visit.go(f"/w/{project.workspace_id}" if gone else f"/p/{project_id}", notice=f"project-{action}")


def _where_the_button_stood(visit: PageVisit, project_id: str, refusal: Refusal) -> Response:
    """The project's page, or the dashboard where the project is deleted."""
    if refusal.code == "not_found":
        raise refusal
    refusal.field = None  # a button has no field at which it could be told
    with visit.database.reading() as tx:
        project = projects.load(tx, project_id)
    return _dashboard(visit, project.workspace_id, refusal) if project.state in HIDDEN else _project(visit, project_id, refusal)


def _dashboard(visit: PageVisit, workspace_id: str, refusal: Refusal | None = None) -> Response:
    with visit.reading() as (tx, actor):
        workspace = workspaces.show(tx, actor, workspace_id)
        found = projects.listed(tx, actor, workspace_id)
        sees_deleted = roles.allows(workspace["role"], Right.LIST_DELETED)
        deleted = projects.listed(tx, actor, workspace_id, deleted=True) if sees_deleted else []
        values: dict[str, Any] = {
            "projects": [projects.describe(tx, project) for project in found],
            "deleted": [projects.describe(tx, project) for project in deleted],
            "usage": quotas.usage(tx, workspace_id),
        }
    return visit.page(
        "dashboard.html",
        workspace=workspace,
        tab="projects",
        refusal=refusal,
        stamp=_stamp(found),
        may_create=roles.allows(workspace["role"], Right.CREATE_PROJECT),
        deleted_buttons=_buttons(State.DELETED, workspace["role"]),
        **values,
    )


def _form(visit: PageVisit, workspace_id: str, refusal: Refusal | None = None, asked: dict[str, str] | None = None) -> Response:
    with visit.reading() as (tx, actor):
        workspace = workspaces.show(tx, actor, workspace_id)
    return visit.page(
        "project_new.html",
        workspace=workspace,
        tab="projects",
        refusal=refusal,
        asked=asked or {"name": "", "template": "", "tier": "", "region": ""},
        templates=[(name, name.capitalize()) for name in catalogue.TEMPLATES],
        tiers=[(name, _priced(name, cents)) for name, cents in catalogue.TIERS.items()],
        regions=[
            *((name, name) for name in catalogue.REGIONS),
            *((name, f"{name} (test: {region.description})") for name, region in catalogue.TEST_REGIONS.items()),
        ],
    )


def _project(visit: PageVisit, project_id: str, refusal: Refusal | None = None) -> Response:
    with visit.reading() as (tx, actor):
        project, role = projects.readable(tx, actor, project_id)
        workspace = workspaces.view(tx, project.workspace_id, role)
        values: dict[str, Any] = {
            "project": projects.describe(tx, project),
            "audit": audit.of_project(tx, project_id),
            "documents": [documents.describe(one, body=False) for one in documents.of_project(tx, actor, project_id)],
        }
    changeable = project.state not in (State.ARCHIVED, State.SUSPENDED)
    return visit.page(
        "project.html",
        workspace=workspace,
        tab="projects",
        refusal=refusal,
        stamp=_stamp([project]),
        buttons=_buttons(project.state, role),
        may_rename=changeable and roles.allows(role, Right.RENAME_PROJECT),
        may_write=project.state is State.ACTIVE and roles.allows(role, Right.WRITE_DOCUMENTS),
        **values,
    )


def _buttons(state: State, role: roles.Role) -> list[tuple[Action, str, str]]:
    return [(action, *BUTTONS[action]) for action in offered(state, role)]


def _priced(tier: str, cents: int) -> str:
    return f"{tier.capitalize()} ({'free' if cents == 0 else f'${cents / 100:.2f} once'})"


def _stamp(found: Sequence[Project]) -> str:
    """Changes whenever one of the projects does, or a listed one comes or goes."""
    now = clock.now()
    return " ".join(f"{project.id}:{project.version}:{project.late(now)}" for project in found)
