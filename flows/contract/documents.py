"""Documents: what a project is for. Written, read back, edited live by two people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Document:
    """A document as the product gives it back."""

    id: str
    title: str
    body: str
    version: int | None = None


class Documents(Protocol):
    """A project holds documents."""

    def write(self, project_id: str, title: str, body: str) -> Document:
        """Store a new document.

        Raises:
            Refused: QUOTA (storage), SUSPENDED, READ_ONLY, FORBIDDEN, NOT_FOUND.
        """

    def read(self, project_id: str, document_id: str) -> Document:
        """Read a document back.

        Raises:
            Refused: NOT_FOUND, FORBIDDEN.
        """

    def update(self, project_id: str, document: Document, body: str) -> Document:
        """Replace the body of a document that was read before.

        Raises:
            Refused: CONFLICT, QUOTA (storage), SUSPENDED, READ_ONLY, FORBIDDEN, NOT_FOUND.
        """


class DocumentList(Protocol):
    """A project lists its documents."""

    def documents(self, project_id: str) -> dict[str, str]:
        """Return the id of each document of a project, with its title; all pages of the list.

        Raises:
            Refused: NOT_FOUND, FORBIDDEN.
        """


class DocumentDeletion(Protocol):
    """A document can be deleted, for good and at once."""

    def delete(self, project_id: str, document_id: str) -> None:
        """Delete a document.

        Raises:
            Refused: SUSPENDED, READ_ONLY, FORBIDDEN, NOT_FOUND.
        """


class VersionedDocuments(Protocol):
    """`Documents.update` on a version that is no more the newest is refused as CONFLICT: nobody's work is overwritten unseen."""


class Pen(Protocol):
    """An open editor on one document."""

    def type_at_end(self, text: str) -> None:
        """Type `text` behind all there is.

        Raises:
            Refused: FORBIDDEN, SUSPENDED, READ_ONLY, NOT_FOUND: where the right to write is gone.
        """

    def type_at_start(self, text: str) -> None:
        """Type `text` before all there is. Needed where `FreeEditing` is offered.

        Raises:
            Refused: as `type_at_end`.
        """

    def strike(self, part: str) -> None:
        """Take `part` out where it stands first. Needed where `FreeEditing` is offered.

        Raises:
            Refused: as `type_at_end`.
        """

    def text(self) -> str:
        """Return what this editor shows now."""

    def present(self) -> set[str]:
        """Return the addresses of those whom this editor shows as present."""

    def alive(self) -> bool:
        """Tell whether the editor is still connected and may write."""

    def close(self) -> None:
        """Leave the document."""


class LiveEditing(Protocol):
    """A document can be edited by several people at once."""

    def open(self, project_id: str, document_id: str) -> Pen:
        """Open the live editor.

        Raises:
            Refused: NOT_FOUND, FORBIDDEN.
        """


class FreeEditing(Protocol):
    """The live editor lets one write and strike out anywhere, not only at the end: a `Pen` has `type_at_start` and `strike`."""


class AllOfDocuments(Documents, DocumentList, DocumentDeletion, LiveEditing, Protocol):
    """All of it."""
