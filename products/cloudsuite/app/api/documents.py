"""Documents, for programs. Live editing is in live.py."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from products.cloudsuite.app.access import ApiCall
from products.cloudsuite.app.domain import documents

router = APIRouter()


class NewDocument(BaseModel):
    title: str
    body: str


class Saved(BaseModel):
    body: str
    version: int


@router.post("/projects/{project_id}/documents", status_code=201)
def create(call: ApiCall, project_id: str, new: NewDocument) -> dict[str, Any]:
    with call.writing() as (tx, actor):
        return documents.describe(documents.create(tx, actor, project_id, new.title, new.body))


@router.get("/projects/{project_id}/documents")
def index(call: ApiCall, project_id: str) -> dict[str, Any]:
    with call.reading() as (tx, actor):
        found = documents.of_project(tx, actor, project_id)
        return {"items": [documents.describe(document, body=False) for document in found]}


@router.get("/documents/{document_id}")
def show(call: ApiCall, document_id: str) -> dict[str, Any]:
    with call.reading() as (tx, actor):
        return documents.describe(documents.readable(tx, actor, document_id))


@router.put("/documents/{document_id}")
def save(call: ApiCall, document_id: str, saved: Saved) -> dict[str, Any]:
    with call.writing() as (tx, actor):
        return documents.describe(documents.save(tx, actor, document_id, saved.body, saved.version))


@router.delete("/documents/{document_id}", status_code=204)
def delete(call: ApiCall, document_id: str) -> None:
    with call.writing() as (tx, actor):
        documents.delete(tx, actor, document_id)
