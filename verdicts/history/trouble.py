"""What can be wrong with a store, as one exception: drivers and the operating system say it in their own ways."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

TO_DO = {
    "locked": "find who holds it (for a file: fuser; for PostgreSQL: pg_stat_activity), end that, and run again: nothing was written",
    "read-only": "make it writable for this user, and run again: nothing was written",
    "full": "make room, and run again: nothing was written",
    "newer": "update this suite, or point SYNTHETICS_HISTORY elsewhere",
    "unreachable": "see whether it is there, is up, and lets this user in; then run again",
    "damaged": "run again",
}
"""What a person can do about each kind of trouble."""

OF_SQLITE = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_PROTOCOL: "locked",
    sqlite3.SQLITE_READONLY: "read-only",
    sqlite3.SQLITE_PERM: "read-only",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_IOERR: "unreachable",
    sqlite3.SQLITE_CANTOPEN: "unreachable",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
}
"""By primary result code (https://www.sqlite.org/rescode.html). What is not here is a fault of ours, and stays as it is."""

CORRUPT_FILE_SYSTEM = sqlite3.SQLITE_IOERR | (33 << 8)
"""SQLITE_IOERR_CORRUPTFS, which this Python does not name."""

OF_POSTGRESQL = {
    "08": "unreachable",
    "28": "unreachable",
    "3D": "unreachable",
    "53300": "unreachable",
    "57P": "unreachable",
    "25P03": "unreachable",
    "58": "unreachable",
    "55P03": "locked",
    "40": "locked",
    "57014": "locked",
    "25006": "read-only",
    "42501": "read-only",
    "53": "full",
    "XX001": "damaged",
    "XX002": "damaged",
}
"""By SQLSTATE or its beginning, the longest match (https://www.postgresql.org/docs/current/errcodes-appendix.html)."""

OF_SYSTEM = {errno.ENOSPC: "full", errno.EDQUOT: "full", errno.EROFS: "read-only", errno.EACCES: "read-only", errno.EPERM: "read-only"}
"""By error number of the operating system; everything else makes the store unreachable."""


class StoreTrouble(Exception):  # noqa: N818 -- named for what it says
    """The store cannot be used as it is. `kind` is locked, read-only, full, newer, unreachable or damaged; the message says what, where, and what to do."""

    def __init__(self, kind: str, where: str, what: str, to_do: str = "") -> None:
        super().__init__(f"the history {where}: {kind}: {what.rstrip('.')}; {to_do or TO_DO[kind]}")
        self.kind = kind


@contextmanager
def told(where: str) -> Iterator[None]:
    """Turn what a driver raises into trouble of the right kind; a fault of ours (bad SQL, a broken constraint) stays what it is.

    Raises:
        StoreTrouble: as said.
    """
    try:
        yield
    except DBAPIError as error:
        kind = _of_driver(error.orig, where, gone=error.connection_invalidated)
        if kind is None:
            raise
        raise StoreTrouble(kind, where, _first_line(error.orig)) from error
    except PoolTimeout as error:
        raise StoreTrouble("locked", where, "every connection of this process is in use") from error
    except sqlite3.Error as error:
        kind = _of_driver(error, where)
        if kind is None:
            raise
        raise StoreTrouble(kind, where, _first_line(error)) from error


@contextmanager
def told_by_system(where: str) -> Iterator[None]:
    """Turn what the operating system raises over the store's files into trouble of the right kind.

    Raises:
        StoreTrouble: as said.
    """
    try:
        yield
    except OSError as error:
        raise StoreTrouble(OF_SYSTEM.get(error.errno or 0, "unreachable"), where, error.strerror or str(error)) from error


def _of_driver(error: BaseException | None, where: str, *, gone: bool = False) -> str | None:
    """Return the kind of trouble, None where it is a fault of ours."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        if code == CORRUPT_FILE_SYSTEM:
            return "damaged"
        kind = OF_SQLITE.get(code & 0xFF)
        if code & 0xFF == sqlite3.SQLITE_CANTOPEN and not os.access(Path(where).parent, os.W_OK):
            return "read-only"
        return kind
    state = getattr(error, "sqlstate", None)
    if not state:  # the server was never met, or has hung up
        return "unreachable" if gone or type(error).__name__ == "OperationalError" else None
    matching = [known for known in OF_POSTGRESQL if state.startswith(known)]
    return OF_POSTGRESQL[max(matching, key=len)] if matching else None


def _first_line(error: object) -> str:
    """Return what it says; PostgreSQL's position and hints would not help anybody here."""
    return str(error).strip().partition("\n")[0]
