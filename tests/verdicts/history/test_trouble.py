"""What can be wrong with a store, each kind brought about for real: it is said, nothing is written, and afterwards all goes on."""

from __future__ import annotations

import fcntl
import itertools
import os
import secrets
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.parts import postgresql as parts
from tests.parts.postgresql import Cluster, name_of
from tests.verdicts.history.conftest import mount
from tests.verdicts.history.made import NOON, begin, rows
from verdicts.history import notes
from verdicts.history.schema import RUNS
from verdicts.history.store import History, StoreTrouble

HOLDER = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held(url: str, kind: str) -> Iterator[Callable[[], None]]:
    """Hold a store as somebody else does, until what is yielded is called."""
    if kind == "postgresql":
        with psycopg.connect(url) as other:
            other.execute("LOCK TABLE runs IN ACCESS EXCLUSIVE MODE")
            yield other.rollback
        return
    with subprocess.Popen([sys.executable, "-c", HOLDER, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder.stdin.close


def ids(history: History) -> list[str]:
    """Return the ids of the runs."""
    with history.reading() as tx:
        return [row["id"] for row in rows(tx, RUNS)]


def test_a_locked_store_is_waited_for_and_then_said(url: str, kind: str) -> None:
    """Who holds it does not let go: after the patience, writing is refused, and once it is free it goes on."""
    history = History.open(url, patience=0.3)
    with held(url, kind), pytest.raises(StoreTrouble) as trouble, history.begin() as tx:
        begin(tx)

    assert trouble.value.kind == "locked"
    assert history.where in str(trouble.value)
    assert "find who holds it" in str(trouble.value)
    with history.begin() as tx:
        begin(tx, "after")
    assert ids(history) == ["after"]


def test_a_locked_store_cannot_be_looked_at(url: str, kind: str) -> None:
    """Nor can it be read while somebody has it for himself alone."""
    history = History.open(url, patience=0.3)

    with held(url, kind), pytest.raises(StoreTrouble, match="locked"):
        ids(history)


def test_a_lock_that_ends_in_time_is_no_trouble(url: str, kind: str) -> None:
    """Within the patience, one waits."""
    history = History.open(url, patience=20)
    with held(url, kind) as let_go:
        soon = threading.Timer(0.3, let_go)
        soon.start()
        with history.begin() as tx:
            begin(tx, "waited")
        soon.join()

    assert ids(history) == ["waited"]


@contextmanager
def unwritable(url: str, kind: str, server: Cluster) -> Iterator[None]:
    """Make a store one that can be read, and not be written."""
    if kind == "postgresql":
        server.execute(f"ALTER DATABASE {name_of(url)} SET default_transaction_read_only = on")
        yield
        server.execute(f"ALTER DATABASE {name_of(url)} RESET default_transaction_read_only")
        return
    disk, files = Path(url).parent, [each for each in (Path(url),) if each.exists()]
    if os.geteuid() == 0:  # whom no mode keeps out
        mount("-o", "remount,ro", str(disk))
        yield
        mount("-o", "remount,rw", str(disk))
        return
    for each in (*files, disk):
        each.chmod(each.stat().st_mode & ~0o222)
    yield
    for each in (disk, *files):
        each.chmod(each.stat().st_mode | 0o200)


@pytest.fixture
def place(kind: str, request: pytest.FixtureRequest, tmp_path: Path, postgresql: Cluster) -> str:
    """Return the address of a store that is not there yet, in a place that can be made read-only."""
    if kind == "postgresql":
        return postgresql.database()
    return str((request.getfixturevalue("small_disk") if os.geteuid() == 0 else tmp_path) / "history.sqlite")


def test_a_read_only_store_is_read_and_not_written(place: str, kind: str, postgresql: Cluster) -> None:
    """What is there can still be looked at, as the list of open alerts must be; writing says what is wrong."""
    with History.open(place).begin() as tx:
        begin(tx, "before")

    with unwritable(place, kind, postgresql):
        history = History.open(place)
        with pytest.raises(StoreTrouble) as trouble, history.begin() as tx:
            begin(tx)
        assert ids(history) == ["before"]
        history.close()

    assert trouble.value.kind == "read-only"
    assert "make it writable" in str(trouble.value)
    with History.open(place).begin() as tx:
        begin(tx, "after")
    assert ids(History.open(place)) == ["after", "before"]


def test_a_store_cannot_be_made_where_nothing_can_be_written(place: str, kind: str, postgresql: Cluster) -> None:
    """An absent store in a read-only place says the same, at opening."""
    with unwritable(place, kind, postgresql), pytest.raises(StoreTrouble) as trouble:
        History.open(place)

    assert trouble.value.kind == "read-only"


def test_a_user_who_may_not_write_is_told_so(postgresql: Cluster) -> None:
    """A database whose tables belong to somebody else, and whose owner gave only half of the rights, is read-only."""
    url = postgresql.database()
    History.open(url).close()
    postgresql.execute("DROP ROLE IF EXISTS guest")
    postgresql.execute("CREATE ROLE guest LOGIN")
    postgresql.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO guest", name_of(url))
    history = History.open(url.replace("synthetics@", "guest@"))

    with pytest.raises(StoreTrouble, match=r"read-only: .*permission denied"), history.begin() as tx:
        begin(tx)
    with pytest.raises(StoreTrouble, match="read-only: only the owner of its tables may make them smaller"):
        history.shrink()

    history.close()
    postgresql.execute("DROP OWNED BY guest", name_of(url))


@contextmanager
def little_room(kind: str, disk: Path) -> Iterator[str]:
    """Return the address of a store on the small disk: a server of its own has its data there."""
    if kind == "sqlite":
        yield str(disk / "history.sqlite")
        return
    with parts.running() as server:
        shutil.chown(disk, parts.served_by())
        server.execute(f"CREATE TABLESPACE small LOCATION '{disk}'")
        server.execute("CREATE DATABASE history TABLESPACE small")
        yield server.url("history")
        server.execute("DROP DATABASE history WITH (FORCE)")
        server.execute("DROP TABLESPACE small")


def fill(history: History, numbers: Iterator[int]) -> None:
    """Write what no server can compress, a megabyte at a time."""
    for number in numbers:
        with history.begin() as tx:
            notes.put(tx, f"{number}", secrets.token_hex(500_000), NOON)


def test_a_full_disk_is_said_and_loses_nothing(kind: str, small_disk: Path) -> None:
    """A transaction that finds no room is undone; what was there stays readable, and with room again all goes on."""
    with little_room(kind, small_disk) as url:
        history = History.open(url)
        written = itertools.count()
        with pytest.raises(StoreTrouble) as trouble:
            fill(history, written)
        refused = next(written) - 1

        assert trouble.value.kind == "full"
        assert "make room" in str(trouble.value)
        assert history.set_aside is None
        with history.reading() as tx:
            assert [notes.get(tx, f"{number}") is not None for number in range(refused + 1)] == [True] * refused + [False]
        mount("-o", "remount,size=48m", str(small_disk))
        with history.begin() as tx:
            notes.put(tx, "after", "1", NOON)
        history.close()


def test_a_disk_without_room_for_a_new_store_is_full(small_disk: Path) -> None:
    """An absent store on a full disk says so at opening, and leaves nothing half made."""
    room = shutil.disk_usage(small_disk).free
    (small_disk / "ballast").write_bytes(b"x" * room)

    with pytest.raises(StoreTrouble) as trouble:
        History.open(str(small_disk / "history.sqlite"))
    (small_disk / "ballast").unlink()

    assert trouble.value.kind == "full"
    History.open(str(small_disk / "history.sqlite")).close()


def test_a_server_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    """Nobody listens: said at opening, with the place and without the password."""
    with pytest.raises(StoreTrouble) as trouble:
        History.open(f"postgresql://me:s3cret@/history?host={tmp_path}")

    assert trouble.value.kind == "unreachable"
    assert "see whether it is there" in str(trouble.value)
    assert "s3cret" not in str(trouble.value)


def test_a_database_that_is_not_there_is_unreachable(postgresql: Cluster) -> None:
    """The server answers, and knows no such database."""
    with pytest.raises(StoreTrouble, match=r'unreachable: .*database "nowhere" does not exist'):
        History.open(postgresql.url("nowhere"))


def test_a_server_that_ends_meanwhile_is_unreachable_until_it_is_back() -> None:
    """A restart costs the transactions that it cut off, and no more."""
    with parts.running() as server:
        url = server.database()
        history = History.open(url)

        def cut_off() -> None:
            with history.begin() as tx:
                begin(tx)
                server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'history%'")
                begin(tx, "cut off")

        with pytest.raises(StoreTrouble) as trouble:
            cut_off()

        assert trouble.value.kind == "unreachable"
        with history.begin() as tx:
            begin(tx, "after")
        assert ids(history) == ["after"]
    with pytest.raises(StoreTrouble, match="unreachable"), history.begin() as tx:
        begin(tx)
    history.close()


def test_a_file_that_vanished_is_unreachable(tmp_path: Path) -> None:
    """It is not made anew behind the back of those who use it; whoever opens it next makes a new one."""
    path = tmp_path / "history.sqlite"
    history = History.open(str(path))
    path.unlink()

    with pytest.raises(StoreTrouble, match="unreachable"), history.begin() as tx:
        begin(tx)

    assert not path.exists()


def test_a_frozen_transaction_does_not_hold_up_the_others_for_ever(postgresql: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server hangs up on a process that keeps a transaction open and does nothing in it."""
    monkeypatch.setattr("verdicts.history.server.IDLE", 0.2)
    url = postgresql.database()
    frozen, other = History.open(url, patience=0.2), History.open(url, patience=20)

    def freeze() -> None:
        with frozen.begin() as tx:
            notes.put(tx, "a", "frozen", NOON)
            with other.begin() as second:
                notes.put(second, "a", "other", NOON)

    with pytest.raises(StoreTrouble, match="unreachable"):
        freeze()

    with other.reading() as tx:
        assert notes.get(tx, "a") == "other"


def test_whoever_replaces_the_file_is_waited_for_and_then_said(tmp_path: Path) -> None:
    """The lock file beside it keeps users out while the file is mended or migrated, and the patience ends that wait, too."""
    history = History.open(str(tmp_path / "history.sqlite"), patience=0.2)
    with (tmp_path / "history.sqlite.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(StoreTrouble, match=r"locked: another process has been using, making or migrating it for 0\.2 s"), history.begin() as tx:
            begin(tx)
