"""Live documents over WebSocket: everybody who has one open sees the same text, and who else is there.

One task serves one socket. It wakes for a message, when the hub stirs it, and at least every LOOK seconds; each time it
proves anew that the caller may still do what the socket was opened for, and closes the socket if not.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, Field, ValidationError
from starlette.concurrency import run_in_threadpool

from products.cloudsuite.app import refusals
from products.cloudsuite.app.access import SESSION_COOKIE, Product, bearer
from products.cloudsuite.app.domain import documents, sessions
from products.cloudsuite.app.domain.documents import Document, Edit
from products.cloudsuite.app.domain.sessions import Actor
from products.cloudsuite.app.domain.splices import Splice
from products.cloudsuite.app.live import Connection
from products.cloudsuite.app.refusals import Refusal

LOOK = 0.25
"""Seconds after which a quiet socket checks the caller's rights and the document."""

POLICY_VIOLATION = 1008
"""The WebSocket close code that goes with a refusal."""

router = APIRouter()


class EditMessage(BaseModel):
    """A splice made on the revision `base`; positions and lengths count code points."""

    type: Literal["edit"]
    base: int = Field(ge=0)
    at: int = Field(ge=0)
    delete: int = Field(ge=0)
    insert: str


class Sitting:
    """One caller's time at one document: what they may do, and how much of it they have been sent."""

    def __init__(self, product: Product, token: str | None, document_id: str) -> None:
        self.product = product
        self.token = token
        self.document_id = document_id
        self.revision = 0
        self.writable = False

    def open(self) -> tuple[Actor, Document]:
        """The document as it stands, and the right to write it, fixed for this sitting."""
        with self.product.database.reading() as tx:
            actor = sessions.authenticate(tx, self.token)
            document = documents.readable(tx, actor, self.document_id)
            self.writable = documents.hindrance(tx, actor, self.document_id) is None
        self.revision = document.version
        return actor, document

    def news(self) -> list[Edit]:
        """What was edited since the last look; a Refusal once a right that the sitting began with is lost."""
        with self.product.database.reading() as tx:
            actor = sessions.authenticate(tx, self.token)
            hindrance = documents.hindrance(tx, actor, self.document_id)
            if hindrance and self.writable:
                raise hindrance
            edits = documents.edits_since(tx, self.document_id, self.revision)
        if edits:
            self.revision = edits[-1].revision
        return edits

    def apply(self, message: str, origin: str) -> None:
        """Make the edit that a message asks for."""
        try:
            asked = EditMessage.model_validate_json(message)
        except ValidationError as error:
            first = error.errors()[0]
            field = str(first["loc"][0]) if first["loc"] else "message"
            raise refusals.invalid_input(field, f"{first['msg']}.") from None
        with self.product.database.transaction() as tx:
            actor = sessions.authenticate(tx, self.token)
            splice = Splice(asked.at, asked.delete, asked.insert)
            documents.edit(tx, actor, self.document_id, asked.base, splice, origin)


@router.websocket("/documents/{document_id}/live")
async def live(socket: WebSocket, document_id: str) -> None:
    """Serve one socket until it is closed from either side."""
    product: Product = socket.app.state.product
    sitting = Sitting(product, _token(socket, product), document_id)
    await socket.accept()
    try:
        actor, document = await run_in_threadpool(sitting.open)
    except Refusal as refusal:
        await _close(socket, refusal)
        return
    connection = Connection(actor)
    product.hub.join(document_id, connection)
    try:
        lost = await _serve(socket, sitting, connection, document)
    except WebSocketDisconnect:
        return
    finally:
        product.hub.leave(document_id, connection)
    await _close(socket, lost)


async def _serve(socket: WebSocket, sitting: Sitting, connection: Connection, document: Document) -> Refusal:
    """Until a right is lost, which is returned, or the caller leaves: WebSocketDisconnect."""
    hub, document_id = sitting.product.hub, document.id
    present = hub.present(document_id)
    await socket.send_json({
        "type": "snapshot",
        "revision": document.version,
        "body": document.body,
        "present": present,
        "writable": sitting.writable,
    })  # fmt: skip
    message = asyncio.ensure_future(_heard(socket))
    stirred = asyncio.ensure_future(connection.stirred.wait())
    try:
        while True:
            await asyncio.wait({message, stirred}, timeout=LOOK, return_when=asyncio.FIRST_COMPLETED)
            if message.done():
                await _answer(socket, sitting, connection, message.result())
                message = asyncio.ensure_future(_heard(socket))
            if stirred.done():
                connection.stirred.clear()
                stirred = asyncio.ensure_future(connection.stirred.wait())
            for edit in await run_in_threadpool(sitting.news):
                await socket.send_json(_told(edit, connection))
            if present != hub.present(document_id):
                present = hub.present(document_id)
                await socket.send_json({"type": "presence", "present": present})
    except Refusal as refusal:
        return refusal
    finally:
        message.cancel()
        stirred.cancel()


async def _heard(socket: WebSocket) -> str:
    """The next message; one that is not text is read as an empty one."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message["code"])
    return message.get("text") or ""


async def _answer(socket: WebSocket, sitting: Sitting, connection: Connection, message: str) -> None:
    try:
        await run_in_threadpool(sitting.apply, message, connection.id)
    except Refusal as refusal:
        await socket.send_json({"type": "refused", **_reason(refusal)})
    else:
        sitting.product.hub.stir(sitting.document_id)


def _told(edit: Edit, connection: Connection) -> dict[str, Any]:
    if edit.origin == connection.id:
        return {"type": "ack", "revision": edit.revision}
    splice = edit.splice
    return {
        "type": "edit",
        "revision": edit.revision,
        "at": splice.at,
        "delete": splice.delete,
        "insert": splice.insert,
        "by": edit.by,
    }


def _reason(refusal: Refusal) -> dict[str, Any]:
    return {"code": refusal.code, "detail": refusal.message, **refusal.particulars()}


async def _close(socket: WebSocket, refusal: Refusal) -> None:
    """Say why, and hang up; a caller who has left already need not be told."""
    with suppress(WebSocketDisconnect):
        await socket.send_json({"type": "closed", **_reason(refusal)})
        await socket.close(POLICY_VIOLATION, refusal.code)


def _token(socket: WebSocket, product: Product) -> str | None:
    """The bearer token, or the cookie of one of our own pages; never anything in the URL."""
    token = bearer(socket)
    if token is not None:
        return token
    ours = urlsplit(product.settings.public_url)
    origin = urlsplit(socket.headers.get("origin", ""))
    if (origin.scheme, origin.netloc) != (ours.scheme, ours.netloc):
        return None
    return socket.cookies.get(SESSION_COOKIE)
