"""A transaction is kept whole or not at all, and a look at the store is of one moment."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from launch.reading import BadInput
from tests.parts.postgresql import Cluster, name_of
from tests.verdicts.history.made import ENVIRONMENT, NOON, begin, rows
from verdicts.history import notes, runs
from verdicts.history.file import COMPILED
from verdicts.history.schema import META, OUTCOMES, RUNS
from verdicts.history.store import History, StoreTrouble

KILLED = """
import os, signal, sys
from tests.verdicts.history.made import begin
from verdicts.history.store import History
with History.open(sys.argv[1]).begin() as tx:
    for number in range(200):
        begin(tx, f"r{number}", folder="x" * 20000)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_an_absent_store_is_made(url: str) -> None:
    """Opening makes every table, and opening again finds them."""
    with History.open(url).begin() as tx:
        begin(tx)

    with History.open(url).reading() as tx:
        assert runs.targets(tx) == ["t"]
        assert all(rows(tx, table) is not None for table in META.sorted_tables)


def test_a_file_is_made_with_the_folders_above_it(tmp_path: Path) -> None:
    """The default place lies in a folder that no checkout has."""
    History.open(str(tmp_path / "a" / "b" / "history.sqlite")).close()

    assert (tmp_path / "a" / "b" / "history.sqlite").is_file()


def test_files_that_share_what_is_compiled_share_nothing_else(tmp_path: Path) -> None:
    """What is written into one history is in no other of the same process, however alike the statements are."""
    one, other = (History.open(str(tmp_path / f"{name}.sqlite")) for name in ("one", "other"))
    with one.begin() as tx:
        begin(tx, "r1", target="of one")
    before = len(COMPILED)
    with other.begin() as tx:
        begin(tx, "r2", target="of the other")

    assert len(COMPILED) == before
    for history, target in ((one, "of one"), (other, "of the other")):
        with history.reading() as tx:
            assert runs.targets(tx) == [target]


def test_a_forked_process_has_a_connection_of_its_own(tmp_path: Path) -> None:
    """It writes while its parent looks, and the parent's next look sees it."""
    history = History.open(str(tmp_path / "history.sqlite"))
    with history.begin() as tx:
        begin(tx, "r1", target="of the parent")

    child = os.fork()
    if child == 0:
        try:
            with history.begin() as tx:
                begin(tx, "r2", target="of the child")
        finally:
            os._exit(0)
    os.waitpid(child, 0)

    with history.reading() as tx:
        assert runs.targets(tx) == ["of the child", "of the parent"]


def test_an_empty_file_is_a_store_that_is_not_made_yet(tmp_path: Path) -> None:
    """As somebody leaves it who makes the place first."""
    (tmp_path / "history.sqlite").touch()

    history = History.open(str(tmp_path / "history.sqlite"))

    assert history.set_aside is None
    with history.reading() as tx:
        assert runs.targets(tx) == []


def test_what_a_transaction_wrote_is_kept_at_its_end(history: History) -> None:
    """The end of the block is the end of the transaction."""
    with history.begin() as tx:
        notes.put(tx, "a", "1", NOON)

    with history.reading() as tx:
        assert notes.get(tx, "a") == "1"


def test_a_transaction_that_raises_leaves_nothing(history: History) -> None:
    """All of it or nothing, and what was raised is not changed on its way."""

    def write() -> None:
        with history.begin() as tx:
            notes.put(tx, "a", "1", NOON)
            raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        write()

    with history.reading() as tx:
        assert notes.get(tx, "a") is None


def test_a_fault_of_ours_stays_what_it_is(history: History) -> None:
    """A broken constraint is no trouble of the store."""
    with pytest.raises(IntegrityError), history.begin() as tx:
        tx.execute(OUTCOMES.insert().values({column.name: "1" if column.type.python_type is str else 1 for column in OUTCOMES.c}))


def test_a_writer_that_is_killed_leaves_nothing(url: str, kind: str) -> None:
    """kill -9 in the midst of a transaction, with pages of it on the disk already, and the next one sees the store as it was."""
    with History.open(url).begin() as tx:
        begin(tx, "before")
    killed = subprocess.run([sys.executable, "-c", KILLED, url], env=ENVIRONMENT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert Path(f"{url}-journal").exists() == (kind == "sqlite")

    history = History.open(url)
    assert history.set_aside is None
    with history.reading() as tx:
        assert [row["id"] for row in rows(tx, RUNS)] == ["before"]


def test_a_reader_cannot_write(history: History) -> None:
    """Who asked to look cannot change what others look at."""
    with pytest.raises(StoreTrouble, match="read-only"), history.reading() as tx:
        notes.put(tx, "a", "1", NOON)


def test_a_look_is_of_one_moment(url: str, kind: str) -> None:
    """What others write meanwhile is not seen until the next look; in a file, they wait for its end."""
    history, other = History.open(url), History.open(url)
    written = threading.Event()

    def write() -> None:
        with other.begin() as tx:
            notes.put(tx, "a", "1", NOON)
        written.set()

    writer = threading.Thread(target=write)
    with history.reading() as tx:
        assert notes.get(tx, "a") is None
        writer.start()
        assert written.wait(0.5) == (kind == "postgresql")
        assert notes.get(tx, "a") is None
    writer.join()
    with history.reading() as tx:
        assert notes.get(tx, "a") == "1"


def test_writers_of_a_file_take_turns(tmp_path: Path) -> None:
    """Threads that each read a number and write the next one lose none: a writing transaction begins with the lock."""
    history = History.open(str(tmp_path / "history.sqlite"))

    def count() -> None:
        for _ in range(10):
            with history.begin() as tx:
                notes.put(tx, "count", str(int(notes.get(tx, "count") or 0) + 1), NOON)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    with history.reading() as tx:
        assert notes.get(tx, "count") == "40"


def test_a_file_is_kept_as_the_house_demands(tmp_path: Path) -> None:
    """Rollback journal, every commit on the disk, references that hold; and a file that somebody turned to WAL is turned back."""
    path = tmp_path / "history.sqlite"
    History.open(str(path)).close()
    with sqlite3.connect(path) as other:
        assert other.execute("PRAGMA journal_mode=WAL").fetchone() == ("wal",)
    other.close()

    with History.open(str(path)).begin() as tx:
        settings = {name: tx.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("journal_mode", "synchronous", "foreign_keys", "auto_vacuum")}

    assert settings == {"journal_mode": "delete", "synchronous": 2, "foreign_keys": 1, "auto_vacuum": 2}


def test_a_commit_of_a_database_is_on_its_disk(postgresql: Cluster) -> None:
    """A database that is set to answer before it has written is told to write first."""
    url = postgresql.database()
    postgresql.execute(f"ALTER DATABASE {name_of(url)} SET synchronous_commit = off")

    with History.open(url).begin() as tx:
        assert tx.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "on"


def test_a_database_that_cannot_hold_every_text_is_refused(postgresql: Cluster) -> None:
    """What targets say is UTF-8."""
    postgresql.execute("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")

    with pytest.raises(BadInput, match="saw the encoding LATIN1; allowed is UTF8"):
        History.open(postgresql.url("latin"))


def test_tables_of_somebody_else_are_left_alone(url: str, kind: str, postgresql: Cluster) -> None:
    """A place that holds a table of one of these names, and no revision, is not taken over."""
    made = "CREATE TABLE runs (miles integer)"
    if kind == "sqlite":
        with sqlite3.connect(url) as other:
            other.execute(made)
        other.close()
    else:
        postgresql.execute(made, name_of(url))

    with pytest.raises(BadInput, match="saw the tables runs without a revision; allowed is an empty place"):
        History.open(url)


def test_a_database_is_shared_with_others(postgresql: Cluster) -> None:
    """What somebody else keeps beside, their own Alembic revision included, is neither read nor changed."""
    url = postgresql.database()
    postgresql.execute("CREATE TABLE alembic_version (version_num text)", name_of(url))
    postgresql.execute("INSERT INTO alembic_version VALUES ('theirs')", name_of(url))
    History.open(url).close()

    assert postgresql.execute("SELECT * FROM alembic_version", name_of(url)) == [("theirs",)]


def test_a_closed_store_can_be_opened_again(url: str) -> None:
    """Closing ends nothing but this use of it."""
    history = History.open(url)
    with history.begin() as tx:
        begin(tx)
    history.close()

    with History.open(url).reading() as tx:
        assert runs.targets(tx) == ["t"]
