"""The database: one SQLite file, one connection for each thread, explicit transactions."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

Tx = sqlite3.Connection
"""A connection inside a transaction; rows answer to column names."""

SCHEMA = Path(__file__).with_name("schema.sql")


class Database:
    """The product's memory. Transactions do not nest."""

    def __init__(self, folder: Path) -> None:
        """Open the database in a folder; make both where missing."""
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "cloudsuite.sqlite3"
        self._threads = threading.local()
        self._writers = threading.RLock()
        self._connection().executescript(SCHEMA.read_text())

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """All or nothing, one writer at a time: what is read inside stays true until the commit."""
        tx = self._connection()
        with self._writers:  # SQLite would have them poll for their turn
            tx.execute("BEGIN IMMEDIATE")
            with tx:
                yield tx

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        """One consistent view; nothing may be written."""
        tx = self._connection()
        tx.execute("BEGIN DEFERRED")
        with tx:
            yield tx

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._threads, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._path, isolation_level=None, timeout=5.0)
            connection.row_factory = sqlite3.Row
            for pragma in ("journal_mode=TRUNCATE", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=5000"):
                connection.execute(f"PRAGMA {pragma}")
            self._threads.connection = connection
        return connection
