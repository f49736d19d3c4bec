"""The live editor by its WebSocket: one splice under way at a time, transformed by the server over what others typed meanwhile."""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
from collections.abc import Coroutine
from functools import cache
from typing import Any, TypeVar

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, ProxyError

from flows import trail
from flows.blame import ProductFault, Refused, TargetUnreachable
from flows.refusal import Reason, Refusal
from products.cloudsuite.refusals import REASONS
from products.wiring import Wiring

PATIENCE = 10.0
"""Seconds that the socket may take to open, and to acknowledge an edit."""

GLANCE = 0.01
"""Seconds in which what has arrived already is handed over."""

MARGIN = 5.0
"""Seconds after which a loop that should have ended by itself is not waited for any more."""

T = TypeVar("T")


_starting = threading.Lock()


def _loop() -> asyncio.AbstractEventLoop:
    """Return the loop that speaks on every socket, in one thread: two threads on one TLS socket, as in the library's synchronous client, tear its stream."""
    with _starting:  # a cache alone lets two threads that come first at once start a loop each, and a socket must stay with one
        return _started()


@cache
def _started() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="live documents", daemon=True).start()
    return loop


def _done(work: Coroutine[Any, Any, T], seconds: float) -> T:
    """Return what the work returns, done in the loop.

    Raises:
        TimeoutError: it took longer than `seconds`.
    """

    async def bounded() -> T:
        async with asyncio.timeout(seconds):
            return await work

    return asyncio.run_coroutine_threadsafe(bounded(), _loop()).result(seconds + MARGIN)


class ApiPen:
    """Fulfils `flows.contract.documents.Pen`. Its text is what the server has confirmed."""

    def __init__(self, wiring: Wiring, document_id: str, token: str) -> None:
        self._wiring = wiring
        self._shown, self._revision = "", 0
        self._present: set[str] = set()
        self._pending: tuple[int, int, str] | None = None
        """A splice that is under way: where, how much of the text it takes out, and what it puts in."""
        self._lost: Refused | None = None
        self._socket: ClientConnection = wiring.offload(self._connect, document_id, token, trail.current().traceparent())
        wiring.offload(self._hear, PATIENCE)
        if self._lost:
            raise self._lost

    def _connect(self, document_id: str, token: str, traceparent: str) -> ClientConnection:
        url = self._wiring.url.replace("http", "ws", 1) + f"/api/v1/documents/{document_id}/live"
        headers = {"Authorization": f"Bearer {token}", "traceparent": traceparent, **self._wiring.marks}
        trust = ssl.create_default_context(cafile=str(self._wiring.ca) if self._wiring.ca else None) if url.startswith("wss") else None
        try:
            return _done(_opened(url, headers, trust, self._wiring.proxy), PATIENCE)
        except ProxyError as cause:
            msg = f"nothing answers at {url} behind {self._wiring.proxy}: {cause}"
            raise TargetUnreachable(msg) from cause
        except InvalidHandshake as cause:
            msg = f"{url} did not open: {cause}"
            raise ProductFault(msg) from cause
        except TimeoutError as cause:
            msg = f"{url} did not open within {PATIENCE:g} s"
            raise ProductFault(msg) from cause
        except OSError as cause:
            msg = f"nothing answers at {url}: {cause}"
            raise TargetUnreachable(msg) from cause

    def type_at_end(self, text: str) -> None:
        """Send an insertion behind all there is, and hear that it is taken."""
        self._catch_up()
        self._splice(len(self._shown), 0, text)

    def type_at_start(self, text: str) -> None:
        """Send an insertion before all there is, and hear that it is taken."""
        self._catch_up()
        self._splice(0, 0, text)

    def strike(self, part: str) -> None:
        """Send a deletion, and hear that it is taken."""
        self._catch_up()
        at = self._shown.find(part)
        if at < 0:
            msg = f"the live document shows no {part!r} that could be taken out: {self._shown[:120]!r}"
            raise ProductFault(msg)
        self._splice(at, len(part), "")

    def _splice(self, at: int, delete: int, insert: str) -> None:
        if self._lost:
            raise self._lost
        self._pending = (at, delete, insert)
        try:
            edit = {"type": "edit", "base": self._revision, "at": at, "delete": delete, "insert": insert}
            self._wiring.offload(_done, self._socket.send(json.dumps(edit)), PATIENCE)
        except TimeoutError as cause:
            self._pending = None
            msg = f"the live document took no edit within {PATIENCE:g} s"
            raise ProductFault(msg) from cause
        except ConnectionClosed as cause:
            self._pending = None
            raise self._lost or _dropped(cause) from cause
        while self._pending and not self._lost:
            self._wiring.offload(self._hear, PATIENCE)
        if self._lost:
            raise self._lost

    def text(self) -> str:
        """Return what this editor shows."""
        self._catch_up()
        return self._shown

    def present(self) -> set[str]:
        """Return who is there."""
        self._catch_up()
        return set(self._present)

    def alive(self) -> bool:
        """Tell whether the socket is open."""
        self._catch_up()
        return self._lost is None and self._socket.state.name == "OPEN"

    def close(self) -> None:
        """Close the socket."""
        self._wiring.offload(_done, self._socket.close(), PATIENCE)

    def _catch_up(self) -> None:
        while self._wiring.offload(self._hear, 0):
            pass

    def _hear(self, seconds: float) -> bool:
        """Take in one message, waiting at most `seconds`; tell whether there was one."""
        try:
            message = _done(self._socket.recv(), seconds or GLANCE)
        except TimeoutError as cause:
            if not seconds:
                return False
            msg = f"the live document said nothing for {seconds:g} s" + (" after an edit" if self._pending else " after it was opened")
            raise ProductFault(msg) from cause
        except ConnectionClosed as cause:
            if seconds and not self._lost:
                raise _dropped(cause) from cause
            return False
        try:
            self._take_in(json.loads(message))
        except (ValueError, KeyError, TypeError) as cause:
            msg = f"the live document sent what is not as documented ({cause!r}): {str(message)[:120]!r}"
            raise ProductFault(msg) from cause
        return True

    def _take_in(self, said: dict[str, Any]) -> None:
        match said["type"]:
            case "snapshot":
                self._shown, self._revision = said["body"], said["revision"]
                self._present = {each["email"] for each in said["present"]}
            case "edit":
                at, delete, insert = said["at"], said["delete"], said["insert"]
                self._shown = self._shown[:at] + insert + self._shown[at + delete :]
                self._revision = said["revision"]
                if self._pending and at + delete <= self._pending[0]:  # what is under way stands further on; texts that overlap are no promise under watch
                    self._pending = (self._pending[0] + len(insert) - delete, *self._pending[1:])
            case "ack":
                self._revision = said["revision"]
                if self._pending:
                    at, delete, insert = self._pending
                    self._shown, self._pending = self._shown[:at] + insert + self._shown[at + delete :], None
            case "presence":
                self._present = {each["email"] for each in said["present"]}
            case "refused" | "closed":
                refusal = Refusal(reason=REASONS.get(said["code"], Reason.UNKNOWN), message=said.get("detail", ""), code=said["code"])
                self._lost, self._pending = Refused(refusal), None


async def _opened(url: str, headers: dict[str, str], trust: ssl.SSLContext | None, proxy: str | None) -> ClientConnection:
    return await connect(url, additional_headers=headers, ssl=trust, open_timeout=None, close_timeout=1, max_size=5_000_000, proxy=proxy)


def _dropped(cause: ConnectionClosed) -> ProductFault:
    return ProductFault(f"the live document's connection was dropped: {cause}")
