"""Documents of a project, and the edits that make their revisions.

A document's version is its revision: every change, saved whole or typed live, is one splice that makes the next one.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from products.cloudsuite.app import clock, identifiers, refusals
from products.cloudsuite.app.db import Tx
from products.cloudsuite.app.domain import projects, quotas, roles
from products.cloudsuite.app.domain.names import clean_name
from products.cloudsuite.app.domain.roles import Right
from products.cloudsuite.app.domain.sessions import Actor
from products.cloudsuite.app.domain.splices import Splice, difference, transform
from products.cloudsuite.app.refusals import Refusal
from products.cloudsuite.app.transitions import State

MEMORY = 1000
"""How many revisions back an edit may have been based."""


@dataclass(frozen=True)
class Document:
    """A document as the database holds it."""

    id: str
    project_id: str
    workspace_id: str
    title: str
    body: str
    bytes: int
    """Of the body in UTF-8: what counts as storage."""
    version: int
    updated_at: float
    updated_by: str | None
    """The e-mail address of who changed it last."""


@dataclass(frozen=True)
class Edit:
    """One splice of the past, and the revision it made."""

    revision: int
    splice: Splice
    by: str | None
    """The e-mail address of who made it."""
    origin: str | None
    """The live connection that it came from."""


def create(tx: Tx, actor: Actor, project_id: str, title: str, body: str) -> Document:
    """Write a new document into an active project."""
    project = _ready(tx, actor, project_id)
    title = clean_name(title, "title")
    size = _size(body)
    quotas.require_room(tx, project.workspace_id, quotas.Dimension.STORAGE, size)
    document_id = identifiers.new_id("doc")
    tx.execute(
        "INSERT INTO documents (id, project_id, title, body, bytes, updated_at, updated_by) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (document_id, project_id, title, body, size, clock.now(), actor.id),
    )
    return _load(tx, document_id)


def of_project(tx: Tx, actor: Actor, project_id: str) -> list[Document]:
    """The documents of a project, by title."""
    projects.readable(tx, actor, project_id)
    rows = tx.execute(f"{_SELECT} WHERE project_id = ? ORDER BY title, documents.id", (project_id,))
    return [_document(row) for row in rows]


def readable(tx: Tx, actor: Actor, document_id: str) -> Document:
    """The document, for members of its workspace, while its project is not deleted."""
    document = _load(tx, document_id)
    if roles.role_of(tx, actor.id, document.workspace_id) is None:
        raise refusals.not_found("document")
    projects.readable(tx, actor, document.project_id)
    return document


def writable(tx: Tx, actor: Actor, document_id: str) -> Document:
    """The document, if the actor may change it now."""
    document = readable(tx, actor, document_id)
    _ready(tx, actor, document.project_id)
    return document


def hindrance(tx: Tx, actor: Actor, document_id: str) -> Refusal | None:
    """Why a reader of the document may not write it now; None when they may. Not found for who may not read it."""
    readable(tx, actor, document_id)
    try:
        writable(tx, actor, document_id)
    except Refusal as refusal:
        return refusal
    return None


def save(tx: Tx, actor: Actor, document_id: str, body: str, version: int) -> Document:
    """Replace the whole body of the version that the actor saw."""
    document = writable(tx, actor, document_id)
    if version != document.version:
        raise refusals.version_conflict(document.version)
    splice = difference(document.body, body)
    return _write(tx, actor, document, splice, origin=None) if splice.delete or splice.insert else document


def edit(tx: Tx, actor: Actor, document_id: str, base: int, splice: Splice, origin: str) -> Document:
    """Apply a splice made on revision `base`, carried over every edit since."""
    document = writable(tx, actor, document_id)
    since = edits_since(tx, document_id, base)
    if len(since) != document.version - base:
        raise refusals.version_conflict(document.version)
    for past in since:
        splice = transform(splice, past.splice, earlier=False)
    if not splice.fits(document.body):
        raise refusals.invalid_input("at", "The splice lies outside of the document.")
    return _write(tx, actor, document, splice, origin)


def edits_since(tx: Tx, document_id: str, revision: int) -> list[Edit]:
    """The edits that made the revisions after this one, in order."""
    rows = tx.execute(
        "SELECT edits.*, email FROM edits LEFT JOIN accounts ON accounts.id = account_id WHERE document_id = ? AND revision > ? ORDER BY revision",
        (document_id, revision),
    )
    return [Edit(row["revision"], Splice(row["position"], row["deleted"], row["inserted"]), row["email"], row["origin"]) for row in rows]


def delete(tx: Tx, actor: Actor, document_id: str) -> None:
    """Remove a document for good; its storage is free at once."""
    writable(tx, actor, document_id)
    tx.execute("DELETE FROM documents WHERE id = ?", (document_id,))


def describe(document: Document, *, body: bool = True) -> dict[str, Any]:
    """The document as the API shows it; lists leave out the body."""
    return {
        "id": document.id,
        "project_id": document.project_id,
        "title": document.title,
        **({"body": document.body} if body else {}),
        "version": document.version,
        "bytes": document.bytes,
        "updated_at": clock.text(document.updated_at),
        "updated_by": document.updated_by,
    }


_SELECT = (
    "SELECT documents.*, projects.workspace_id, accounts.email FROM documents"
    " JOIN projects ON projects.id = project_id LEFT JOIN accounts ON accounts.id = updated_by"
)


def _load(tx: Tx, document_id: str) -> Document:
    row = tx.execute(f"{_SELECT} WHERE documents.id = ?", (document_id,)).fetchone()
    if row is None:
        raise refusals.not_found("document")
    return _document(row)


def _document(row: sqlite3.Row) -> Document:
    values = {name: row[name] for name in Document.__dataclass_fields__}
    return Document(**values | {"updated_by": row["email"]})


def _ready(tx: Tx, actor: Actor, project_id: str) -> projects.Project:
    project = projects.writable(tx, actor, project_id, Right.WRITE_DOCUMENTS)
    if project.state is not State.ACTIVE:
        raise refusals.invalid_transition(project.state, "documents")
    return project


def _size(text: str) -> int:
    try:
        return len(text.encode())
    except UnicodeEncodeError:
        raise refusals.invalid_input("body", "The text is not valid Unicode.") from None


def _write(tx: Tx, actor: Actor, document: Document, splice: Splice, origin: str | None) -> Document:
    body = splice.apply(document.body)
    size = _size(body)
    if size > document.bytes:
        quotas.require_room(tx, document.workspace_id, quotas.Dimension.STORAGE, size - document.bytes)
    revision = document.version + 1
    tx.execute(
        "UPDATE documents SET body = ?, bytes = ?, version = ?, updated_at = ?, updated_by = ? WHERE id = ?",
        (body, size, revision, clock.now(), actor.id, document.id),
    )
    tx.execute(
        "INSERT INTO edits (document_id, revision, position, deleted, inserted, origin, account_id, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (document.id, revision, splice.at, splice.delete, splice.insert, origin, actor.id, clock.now()),
    )
    tx.execute("DELETE FROM edits WHERE document_id = ? AND revision <= ?", (document.id, revision - MEMORY))
    return _load(tx, document.id)
