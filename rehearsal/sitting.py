"""People at one live document of Cloud Suite, by its WebSocket, on the probe's own way: what one types, and what the other is told of it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from rehearsal.probe import TIMEOUT, Person, ProbeTrouble

HEARS = 3.0
"""Seconds in which somebody must be told what another has typed; it takes a fraction of one."""


def hears(listener: Person, typist: Person, document: str, text: str, patience: float = HEARS) -> bool:
    """Have one person type, and tell whether the other's open editor is told of it within `patience` seconds.

    Raises:
        ProbeTrouble: a socket did not open, or the product did not take what was typed.
    """

    async def sit() -> bool:
        async with at(listener, document) as (ears, _), at(typist, document) as (hands, revision):
            await hands.send(insertion(revision, text))
            await answer(hands, "ack")
            return await told(ears, text, patience)

    return asyncio.run(sit())


def stays(person: Person, document: str, text: str) -> bool:
    """Have somebody type, and tell whether the connection outlives it until the product has taken it.

    Raises:
        ProbeTrouble: the socket did not open, or the product refused what was typed.
    """

    async def sit() -> bool:
        async with at(person, document) as (hands, revision):
            try:
                await hands.send(insertion(revision, text))
                async with asyncio.timeout(TIMEOUT):
                    while json.loads(await hands.recv())["type"] != "ack":
                        pass
            except (TimeoutError, ConnectionClosed):
                return False
            return True

    return asyncio.run(sit())


def at_once(one: Person, other: Person, document: str, texts: tuple[str, str]) -> None:
    """Have two people type into the same revision, each without knowing of the other, until both are told that it is taken.

    Raises:
        ProbeTrouble: a socket did not open, or the product did not take what was typed.
    """

    async def sit() -> None:
        async with at(one, document) as (first, revision), at(other, document) as (second, _):
            await first.send(insertion(revision, texts[0]))
            await answer(first, "ack")
            await second.send(insertion(revision, texts[1]))
            await answer(second, "ack")

    asyncio.run(sit())


def start_and_end(one: Person, other: Person, document: str, texts: tuple[str, str], length: int) -> None:
    """Have one write at the start and another at the end of the same revision, a text of `length`, until both are told that it is taken.

    Raises:
        ProbeTrouble: a socket did not open, or the product did not take what was written.
    """

    async def sit() -> None:
        async with at(one, document) as (first, revision), at(other, document) as (second, _):
            await first.send(insertion(revision, texts[0]))
            await answer(first, "ack")
            await second.send(insertion(revision, texts[1], length))
            await answer(second, "ack")

    asyncio.run(sit())


@asynccontextmanager
async def at(person: Person, document: str) -> AsyncIterator[tuple[ClientConnection, int]]:
    """Sit down at a document; yields the socket, and the revision that it began with."""
    trust = ssl.create_default_context(cafile=str(person.probe.ca) if person.probe.ca else None) if person.probe.url.startswith("https") else None
    url = f"{person.probe.url.replace('http', 'ws', 1)}/api/v1/documents/{document}/live"
    try:
        socket = await connect(
            url, additional_headers={"Authorization": f"Bearer {person.token}"}, ssl=trust, open_timeout=TIMEOUT, close_timeout=1, proxy=person.probe.proxy
        )
    except (InvalidHandshake, TimeoutError) as cause:
        msg = f"{url} did not open: {cause}"
        raise ProbeTrouble(msg) from cause
    try:
        yield socket, int((await answer(socket, "snapshot"))["revision"])
    finally:
        await socket.close()


def insertion(revision: int, text: str, place: int = 0) -> str:
    """Return the message that puts a text into a revision, at its beginning where no other place is named."""
    return json.dumps({"type": "edit", "base": revision, "at": place, "delete": 0, "insert": text})


async def answer(socket: ClientConnection, kind: str) -> dict[str, Any]:
    """Return the next message of a kind; others are passed over.

    Raises:
        ProbeTrouble: it did not come, or the product refused or hung up.
    """
    try:
        async with asyncio.timeout(TIMEOUT):
            while True:
                said: dict[str, Any] = json.loads(await socket.recv())
                if said["type"] == kind:
                    return said
                if said["type"] in {"refused", "closed"}:
                    msg = f"the live document said {said['type']}: {said.get('code')}"
                    raise ProbeTrouble(msg)
    except (TimeoutError, ConnectionClosed) as cause:
        msg = f"the live document did not say '{kind}': {cause!r}"
        raise ProbeTrouble(msg) from cause


async def told(socket: ClientConnection, text: str, patience: float) -> bool:
    """Tell whether a socket that stays open is told of an insertion in time."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(patience):
            while True:
                said = json.loads(await socket.recv())
                if said["type"] == "edit" and said["insert"] == text:
                    return True
    return False
