"""A history in one SQLite file: how it is opened, looked over, set aside and backed up.

Rollback journal and `synchronous=FULL`: SQLite 3.40 has a race of two connections in WAL mode that corrupts the file
(https://www.sqlite.org/wal.html#walresetbug), and a commit must outlive the machine's power.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import AbstractContextManager, closing, suppress
from datetime import UTC, datetime
from functools import cache
from itertools import chain, count
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import Compiled, Dialect, make_url
from sqlalchemy.pool import NullPool

from verdicts.history import revision
from verdicts.history.guard import Guard
from verdicts.history.runs import import_folder
from verdicts.history.steps import Steps
from verdicts.history.trouble import StoreTrouble, told, told_by_system

HEADER = b"SQLite format 3\0"
BESIDE = ("-journal", "-wal", "-shm")
"""What SQLite itself keeps beside a file; each is worth something only together with it."""

WRITING = ("PRAGMA foreign_keys=ON", "PRAGMA synchronous=FULL", "PRAGMA cell_size_check=ON", "PRAGMA journal_mode=DELETE")
READING = ("PRAGMA query_only=ON", "PRAGMA cell_size_check=ON")
MIGRATING = ("PRAGMA foreign_keys=OFF", "PRAGMA auto_vacuum=INCREMENTAL", *WRITING[1:])
"""A step may rebuild a table: with foreign keys on, dropping the old one would delete what refers to it. How to vacuum is chosen before the first table."""

COMPILED: dict[object, Compiled] = {}
"""The statements that were compiled so far, for all files and for the processes that are forked from this one. There are as many as the code has: those of
migrations, whose tables are made anew each time, are not among them."""


class File:
    """The file at `path`. Whoever waits for others waits up to `patience` seconds; `steps` lead to the tables that are wanted.

    Every transaction opens the file anew, so that nobody writes into one that was set aside meanwhile.
    """

    def __init__(self, path: Path, patience: float, steps: Steps) -> None:
        self.where = str(path)
        self.writer = engine(path, "BEGIN IMMEDIATE", WRITING, patience)
        self.reader = engine(path, "BEGIN", READING, patience)
        self._migrator = engine(path, "BEGIN EXCLUSIVE", MIGRATING, patience, make=True)
        self._path, self._patience, self._steps = path, patience, steps
        self._guard = Guard(path, patience)

    def using(self) -> AbstractContextManager[None]:
        """Keep others from replacing the file meanwhile."""
        return self._guard.shared()

    def make_ready(self, artifacts: Path | None) -> Path | None:
        """Make or migrate the file where that is needed, and replace a damaged one; return the damaged one under its new name, None where there was none.

        A new store that stands in for a damaged one begins with the runs whose folders still stand below `artifacts`.

        Raises:
            StoreTrouble: it cannot be used.
            BadInput: it is somebody else's.
        """
        with told_by_system(self.where):
            self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._guard.shared():
            if not damage(self._path, self._patience) and self._revision() == self._steps.revision:
                return None
        with self._guard.alone():
            if damage(self._path, self._patience):
                set_aside(self._path, datetime.now(UTC))
            return self._bring_up_to_date(artifacts)

    def mend(self, artifacts: Path | None) -> Path | None:
        """Replace the file after it was found damaged in use; return the damaged one under its new name, None where somebody else was faster."""
        with self._guard.alone():
            if not damage(self._path, self._patience, thorough=True):
                return None
            set_aside(self._path, datetime.now(UTC))
            return self._bring_up_to_date(artifacts)

    def size(self) -> int:
        """Return how many bytes the file takes."""
        with self.using(), told(self.where), self.reader.begin() as connection:
            pages, bytes_of_page = (int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()) for name in ("page_count", "page_size"))
        return pages * bytes_of_page

    def shrink(self) -> None:
        """Give what is not used any more back to the disk.

        As a script: this driver takes one step only of a statement that has no columns, and each step gives back one page.
        """
        with self.using(), told(self.where), closing(opened(self._path, self._patience)) as connection:
            connection.executescript("PRAGMA synchronous=FULL; PRAGMA incremental_vacuum;")

    def close(self) -> None:
        """Let go of the file."""
        for each in (self.writer, self.reader, self._migrator):
            each.dispose()

    def _revision(self) -> str | None:
        """Return the revision, None where the file is absent or empty."""
        with told_by_system(self.where):
            if not self._path.exists() or not self._path.stat().st_size:
                return None
        with told(self.where), self.reader.begin() as connection:
            return revision.found(connection, self.where)

    def _bring_up_to_date(self, artifacts: Path | None) -> Path | None:
        """Take the steps that are missing, in one transaction: a machine that dies in it leaves the file as it was."""
        from verdicts.history import migration  # noqa: PLC0415 -- loads Alembic, and is seldom needed

        found = self._revision()
        if found == self._steps.revision:
            return None
        earlier = None
        if found is None:
            earlier = next(iter(reversed(all_set_aside(self._path))), None)
        elif found not in migration.known(self._steps.folders):
            raise revision.newer(self.where, found, self._steps.revision)
        else:
            back_up(self._path, found, datetime.now(UTC), self._patience)
        with told(self.where), self._migrator.begin() as tx:
            migration.upgrade(tx, self._steps.folders)
            if earlier is not None and artifacts is not None:
                import_all(tx, artifacts)
            if torn := tx.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
                raise StoreTrouble("damaged", self.where, f"{len(torn)} rows refer to others that are not there", "restore a backup from beside it")
        return earlier


def engine(path: Path, begin: str, pragmas: tuple[str, ...], patience: float, *, make: bool = False) -> Engine:
    """Return an engine whose transactions start with `begin`; the driver begins nothing by itself. `make` makes a file that is not there."""

    def connect() -> Any:
        return opened(path, patience, make=make)

    made = Engine(NullPool(connect, dialect=dialect()), dialect(), make_url("sqlite://"), execution_options={} if make else {"compiled_cache": COMPILED})

    def connected(connection: sqlite3.Connection, _: object) -> None:
        for pragma in pragmas:
            connection.execute(pragma)

    def began(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(made, "connect", connected)
    event.listen(made, "begin", began)
    return made


@cache
def dialect() -> Dialect:
    """Return how SQLite is spoken to: one for all files, because what is compiled belongs to it. It knows of no file."""
    with create_engine("sqlite://").connect() as memory:
        return memory.dialect


def opened(path: Path, patience: float, *, make: bool = False) -> sqlite3.Connection:
    """Open a file that is there; only where `make` says so, one that is not."""
    return sqlite3.connect(f"file:{quote(str(path))}?mode={'rwc' if make else 'rw'}", uri=True, timeout=patience, isolation_level=None)


def import_all(tx: Connection, artifacts: Path) -> None:
    """Take in every run whose folder stands below `artifacts`; one that cannot be read does not keep the others out."""
    for folder in sorted(artifacts.iterdir()) if artifacts.is_dir() else ():
        if folder.is_dir() and not folder.is_symlink():
            with suppress(OSError):
                import_folder(tx, folder)


def damage(path: Path, patience: float, *, thorough: bool = False) -> str:
    """Return what is wrong with a file, nothing where it is sound (or empty, or absent). `thorough` compares the indexes with their tables, too.

    Raises:
        StoreTrouble: it could not be looked over.
    """
    with told_by_system(str(path)):
        if not path.exists() or not path.stat().st_size:
            return ""
        with path.open("rb") as file:
            if file.read(len(HEADER)) != HEADER:
                return "it does not begin as an SQLite file does"
    with told(str(path)):
        try:
            with closing(opened(path, patience)) as connection:
                said = str(connection.execute(f"PRAGMA {'integrity_check' if thorough else 'quick_check'}(1)").fetchone()[0])
        except sqlite3.DatabaseError as cause:
            if getattr(cause, "sqlite_errorcode", 0) & 0xFF not in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
                raise
            return str(cause)
    return "" if said == "ok" else said.replace("\n", " ")


def set_aside(path: Path, now: datetime) -> Path:
    """Give a damaged file another name, with what SQLite kept beside it, and return that.

    The file goes first: a journal without its file is dropped by SQLite, but a file without its journal may be half a transaction.
    """
    with told_by_system(str(path)):
        aside = _free(path.with_name(f"{path.name}.damaged-{now:%Y%m%dT%H%M%SZ}"))
        path.rename(aside)
        for end in BESIDE:
            if (part := path.with_name(path.name + end)).exists():
                part.rename(aside.with_name(aside.name + end))
        _settle(path.parent)
    return aside


def all_set_aside(path: Path) -> list[Path]:
    """Return the damaged files that were set aside here, the latest last."""
    found = (each for each in path.parent.iterdir() if each.name.startswith(f"{path.name}.damaged-") and not each.name.endswith(BESIDE))
    return sorted(found, key=lambda each: each.name)


def back_up(path: Path, at: str, now: datetime, patience: float) -> Path:
    """Copy a file as it is beside itself, under a name that tells `at` which revision it is and when; a copy under that name is a whole one.

    Raises:
        StoreTrouble: there is no room, or it cannot be written there.
    """
    backup = _free(path.with_name(f"{path.name}.revision-{at}-{now:%Y%m%dT%H%M%SZ}.backup"))
    draft = backup.with_name(f"{backup.name}.part")
    with told(str(path)), told_by_system(str(path)):
        try:
            with closing(opened(path, patience)) as old, closing(sqlite3.connect(draft)) as new:
                old.backup(new)
            draft.rename(backup)
        finally:
            for end in ("", *BESIDE):
                draft.with_name(draft.name + end).unlink(missing_ok=True)
        _settle(path.parent)
    return backup


def _free(path: Path) -> Path:
    """Return the first name of its kind that is not taken."""
    numbered = (path.with_name(f"{path.name}-{number}") for number in count(2))
    return next(each for each in chain((path,), numbered) if not each.exists())


def _settle(folder: Path) -> None:
    """See to it that the names in a folder outlive the machine's power."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
