"""The document editor: the page around a text that is edited live."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from products.cloudsuite.app.access import PageVisit
from products.cloudsuite.app.domain import documents, projects, workspaces
from products.cloudsuite.app.refusals import Refusal

router = APIRouter()


@router.get("/d/{document_id}")
def show(visit: PageVisit, document_id: str) -> Response:
    return _editor(visit, document_id)


@router.post("/d/{document_id}/delete")
def delete(visit: PageVisit, document_id: str) -> Response:
    try:
        with visit.writing() as (tx, actor):
            document = documents.readable(tx, actor, document_id)
            documents.delete(tx, actor, document_id)
    except Refusal as refusal:
        return _editor(visit, document_id, refusal)
    return visit.go(f"/p/{document.project_id}", notice="document-deleted")


def _editor(visit: PageVisit, document_id: str, refusal: Refusal | None = None) -> Response:
    with visit.reading() as (tx, actor):
        document = documents.readable(tx, actor, document_id)
        project, role = projects.readable(tx, actor, document.project_id)
        workspace = workspaces.view(tx, project.workspace_id, role)
        writable = documents.hindrance(tx, actor, document_id) is None
    return visit.page(
        "document.html",
        workspace=workspace,
        tab="projects",
        refusal=refusal,
        document=document,
        project=project,
        writable=writable,
    )
