"""The hub of open documents: who has which one open, and a tap on the shoulder when it changed.

It lives in the server's event loop. What changed is read from the database: the hub only says when to look.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field

from products.cloudsuite.app.domain.sessions import Actor
from products.cloudsuite.app.identifiers import new_id


@dataclass(eq=False)
class Connection:
    """One open socket on one document."""

    actor: Actor
    id: str = field(default_factory=lambda: new_id("con"))
    stirred: asyncio.Event = field(default_factory=asyncio.Event)


class Hub:
    """The open sockets, by document."""

    def __init__(self) -> None:
        self._open: defaultdict[str, list[Connection]] = defaultdict(list)

    def join(self, document_id: str, connection: Connection) -> None:
        """Somebody opened the document."""
        self._open[document_id].append(connection)
        self.stir(document_id)

    def leave(self, document_id: str, connection: Connection) -> None:
        """Somebody's socket is closed."""
        self._open[document_id].remove(connection)
        self.stir(document_id)
        if not self._open[document_id]:
            del self._open[document_id]

    def stir(self, document_id: str) -> None:
        """Have every socket on the document look for what is new."""
        for connection in self._open[document_id]:
            connection.stirred.set()

    def present(self, document_id: str) -> list[dict[str, str]]:
        """Who has the document open: each person once, in the order of arrival."""
        people = {connection.actor.id: connection.actor for connection in self._open[document_id]}
        return [{"email": person.email, "name": person.name} for person in people.values()]
