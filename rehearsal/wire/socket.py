"""A live document's connection, as an oracle of the wire opens it: by the proxy that the probe is given."""

from __future__ import annotations

import json
import ssl
from contextlib import suppress
from typing import Any, Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from rehearsal.probe import Person

PATIENCE = 3.0
"""Seconds in which a message must come that is to come at once."""


class LiveSocket:
    """Opened by somebody who may write; it has heard how the document stands. Speaks Cloud Suite's protocol."""

    def __init__(self, person: Person, document: str) -> None:
        probe = person.probe
        trust = ssl.create_default_context(cafile=str(probe.ca) if probe.ca else None) if probe.url.startswith("https") else None
        url = probe.url.replace("http", "ws", 1) + f"/api/v1/documents/{document}/live"
        headers = {"Authorization": f"Bearer {person.token}"}
        self._socket = connect(url, additional_headers=headers, ssl=trust, proxy=probe.proxy, open_timeout=PATIENCE, close_timeout=1)
        self._revision = int(json.loads(self._socket.recv(PATIENCE)).get("revision", 0))

    def type(self, text: str) -> None:
        """Insert at the beginning; a connection that has closed takes nothing, and says nothing."""
        with suppress(ConnectionClosed):
            self._socket.send(json.dumps({"type": "edit", "base": self._revision, "at": 0, "delete": 0, "insert": text}))

    def hears(self, kind: str) -> bool:
        """Tell whether a message of this kind comes, before the connection falls silent or closes."""
        try:
            while True:
                said: dict[str, Any] = json.loads(self._socket.recv(PATIENCE))
                if said["type"] == kind:
                    return True
        except (TimeoutError, ConnectionClosed):
            return False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
