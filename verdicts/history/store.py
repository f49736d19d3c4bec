"""The store: opened, brought up to date, used in transactions, and pruned.

```
History.open(address)   a file or a database, made or migrated; a damaged file is set aside
    history.begin()     one writing transaction: all of it or nothing
    history.reading()   one look at a single moment
prune(history, now)     forgets what is old, and what is too much
StoreTrouble            locked, read-only, full, newer, unreachable, damaged
```
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine

from verdicts.history import address, retention
from verdicts.history.file import File
from verdicts.history.retention import Pruned
from verdicts.history.server import Server
from verdicts.history.steps import OURS, Steps
from verdicts.history.trouble import StoreTrouble, told

__all__ = ["History", "Pruned", "StoreTrouble", "prune"]

PATIENCE = 30.0
"""Seconds to wait for others before the store counts as locked."""

KEEP = 90 * 86400.0
"""Seconds for which what is over is remembered."""

MOST_BYTES = 1 << 30

LOW = 0.9
"""A history over its size is brought below this share of it, so that not every run has to prune again."""

LEAST_SHARE = 0.02
"""The least share of the runs that goes at a time."""


class Place(Protocol):
    """What a kind of store has: an SQLite file (`file.File`) or a PostgreSQL database (`server.Server`)."""

    where: str
    writer: Engine
    reader: Engine

    def using(self) -> AbstractContextManager[None]:
        """Keep the store where it is for a transaction."""

    def make_ready(self, artifacts: Path | None, /) -> Path | None:
        """Make, migrate or replace it; return what was set aside as damaged."""

    def mend(self, artifacts: Path | None, /) -> Path | None:
        """Replace it after it was found damaged in use; return what was set aside."""

    def size(self) -> int:
        """Return the bytes that it takes."""

    def shrink(self) -> None:
        """Give back to the disk what is not used any more."""

    def close(self) -> None:
        """Let go of it."""


class History:
    """An open store. `where` names it, without a password.

    `set_aside` is a damaged file that a new one stands in for: the suite's maintainers are to be told. None where there was none.
    """

    def __init__(self, place: Place, artifacts: Path | None) -> None:
        self.where = place.where
        self.set_aside: Path | None = None
        self._place, self._artifacts = place, artifacts

    @classmethod
    def open(cls, url: str | None = None, *, artifacts: Path | None = None, patience: float = PATIENCE, steps: Steps = OURS) -> History:
        """Open the store at a path or URL; without one, that of SYNTHETICS_HISTORY, or else the file below the checkout.

        An absent store is made. An older one is migrated: a file is backed up beside itself first, a database is migrated in one transaction. A damaged
        file gets another name and is never deleted; a new one stands in for it, and begins with the runs whose folders still stand below `artifacts`.
        Others are waited for up to `patience` seconds.

        Raises:
            BadInput: the address names no store that could be used.
            StoreTrouble: the store cannot be used as it is.
        """
        at = address.parse(url)
        place: Place = File(at.place, patience, steps) if isinstance(at.place, Path) else Server(at.place, at.shown, patience, steps)
        history = cls(place, artifacts)
        try:
            history.set_aside = place.make_ready(artifacts)
        except BaseException:
            place.close()
            raise
        return history

    def begin(self) -> AbstractContextManager[Connection]:
        """Begin one writing transaction, which ends with the block: all of it is kept, or nothing.

        In a file, writers take turns from here on. Transactions of one thread do not nest: the inner one would wait for the outer one.

        Raises:
            StoreTrouble: from here, from within, or at the end; nothing was written. Of a damaged file: a new one stands in its place from now on.
        """
        return self._transaction(self._place.writer)

    def reading(self) -> AbstractContextManager[Connection]:
        """Begin one reading transaction: all that it reads is of one moment. In a file it holds up writers, so it is to be short.

        Raises:
            StoreTrouble: likewise.
        """
        return self._transaction(self._place.reader)

    def size(self) -> int:
        """Return how many bytes the store takes."""
        return self._place.size()

    def shrink(self) -> None:
        """Give back to the disk what is not used any more."""
        self._place.shrink()

    def close(self) -> None:
        """Let go of the store."""
        self._place.close()

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        try:
            with self._place.using(), told(self.where), engine.begin() as connection:
                yield connection
        except StoreTrouble as trouble:
            aside = self._place.mend(self._artifacts) if trouble.kind == "damaged" else None
            if aside is None:
                raise
            self.set_aside = aside
            raise StoreTrouble("damaged", self.where, f"it was set aside as {aside.name}, and a new one stands in its place ({trouble})") from trouble


def prune(history: History, now: float, keep: float = KEEP, most_bytes: int = MOST_BYTES) -> Pruned:
    """Forget what was over `keep` seconds ago, and then, as long as the store takes more than `most_bytes`, the oldest runs; the disk gets the room back.

    Open alerts, pending messages, what is not known to be gone, proofs, and the latest runs of each target stay in any case.

    Raises:
        StoreTrouble: the store cannot be written. What was forgotten until then stays so.
    """
    with history.begin() as tx:
        pruned = retention.forget_old(tx, now - keep)
    goal = most_bytes * LOW if history.size() > most_bytes else most_bytes
    if goal < most_bytes:  # it may be room that is free already
        history.shrink()
    while (size := history.size()) > goal:
        with history.begin() as tx:
            gone = retention.forget_oldest(tx, max(LEAST_SHARE, 1 - goal / size))
        if not gone.runs:
            break
        pruned = replace(pruned, runs=pruned.runs + gone.runs, things=pruned.things + gone.things)
        history.shrink()
    return replace(pruned, bytes=size)
