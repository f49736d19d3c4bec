"""An older store is brought up to date with all that it holds, a newer one is refused, and dying on the way costs nothing."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from tests.verdicts.history.made import DAY, ENVIRONMENT, NOON, begin, everything, ledger, outcome, rows, take_in
from tests.verdicts.history.made import folder as made_folder
from tests.verdicts.history.ways import LATER, OURS
from verdicts.history import leases, migration, notes, pages, proofs, runs, windows
from verdicts.history.proofs import Proof
from verdicts.history.schema import META, OUTCOMES, REVISION, RUNS, VERSION_TABLE
from verdicts.history.store import History, StoreTrouble

OPENED = """
import sys
from tests.verdicts.history import ways
from verdicts.history.store import History
History.open(sys.argv[1], steps=getattr(ways, sys.argv[2])).close()
"""


def opening(url: str, steps: str) -> subprocess.Popen[bytes]:
    """Open a store in a process of its own."""
    return subprocess.Popen([sys.executable, "-c", OPENED, url, steps], env=ENVIRONMENT)


def filled(url: str, tmp_path: Path) -> dict[str, list[dict[str, object]]]:
    """Make a store of today's tables, put something into many of them, and return what it holds."""
    with History.open(url).begin() as tx:
        begin(tx, "begun")
        take_in(tx, tmp_path / "artifacts", "r1", [outcome(run="r1"), outcome(run="r1", surface="browser")])
        runs.import_folder(tx, ledger(made_folder(tmp_path / "artifacts", "r2"), ("k1", "made", "p1", NOON)))
        windows.silence(tx, target="t", scenario="*", owner="growth", reason="a move", now=NOON, ends=NOON + DAY)
        leases.take(tx, "judge", "me", NOON, 60)
        pages.sent(tx, code="c", owner="growth", now=NOON)
        notes.put(tx, "a", "1", NOON)
        proofs.add(tx, Proof("x", "f", "t", NOON, "b", "proven", {"a": "1"}, "r"))
    with History.open(url).reading() as tx:
        return everything(tx, *META.sorted_tables)


def backups(tmp_path: Path) -> list[Path]:
    """Return the backups in a folder."""
    return sorted(tmp_path.glob("history.sqlite.revision-*"))


def revision(url: str) -> str:
    """Return the revision that a store says it is."""
    with closing(psycopg.connect(url) if "://" in url else sqlite3.connect(url)) as connection:
        return str(connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()[0])


def test_the_steps_lead_to_the_tables(history: History) -> None:
    """What the steps make is what the code declares, to types, defaults, keys and indexes, on both kinds of store."""
    with history.reading() as tx:
        context = MigrationContext.configure(tx, opts={"version_table": VERSION_TABLE, "compare_type": True, "compare_server_default": True})

        assert compare_metadata(context, META) == []


def test_the_last_step_is_the_revision_of_the_code() -> None:
    """The code is at the end of a way that does not fork."""
    heads = migration.ScriptDirectory.from_config(migration.config(OURS.folders)).get_heads()

    assert heads == [REVISION]


def test_an_older_store_is_migrated_with_all_that_it_holds(url: str, tmp_path: Path) -> None:
    """Every row is there afterwards; where the step changed the table, with what the step gave it."""
    before = filled(url, tmp_path)

    with History.open(url, steps=LATER).reading() as tx:
        after = everything(tx, *META.sorted_tables)
        moods = tx.execute(text("SELECT mood FROM runs")).scalars().all()

    assert moods == ["fine"] * 3
    assert after == {**before, "runs": [{**row, "reason": row["reason"] or "none given"} for row in before["runs"]]}


def test_a_file_is_backed_up_before_it_is_migrated(tmp_path: Path) -> None:
    """The backup tells its revision and the time by its name, and is the store as it was: this code can open it."""
    url = str(tmp_path / "history.sqlite")
    before = filled(url, tmp_path)
    History.open(url, steps=LATER).close()

    [backup] = backups(tmp_path)
    assert backup.name.startswith("history.sqlite.revision-0001-20")
    assert backup.name.endswith("Z.backup")
    with History.open(str(backup)).reading() as tx:
        assert everything(tx, *META.sorted_tables) == before


def test_a_store_of_today_is_not_backed_up(tmp_path: Path) -> None:
    """Opening one that is up to date leaves nothing behind but the file and its lock."""
    url = str(tmp_path / "history.sqlite")
    for _ in range(3):
        History.open(url).close()

    assert sorted(each.name for each in tmp_path.iterdir()) == ["history.sqlite", "history.sqlite.lock"]


def test_a_newer_store_is_refused_and_left_as_it_is(url: str, kind: str, tmp_path: Path) -> None:
    """What a later suite has made is neither read nor changed."""
    filled(url, tmp_path)
    History.open(url, steps=LATER).close()
    contents = Path(url).read_bytes() if kind == "sqlite" else b""

    with pytest.raises(StoreTrouble) as trouble:
        History.open(url)

    assert trouble.value.kind == "newer"
    assert "it is of revision 0002, and this suite knows up to 0001; update this suite" in str(trouble.value)
    assert revision(url) == "0002"
    assert kind == "postgresql" or Path(url).read_bytes() == contents


def test_dying_in_a_migration_changes_nothing(url: str, kind: str, tmp_path: Path) -> None:
    """kill -9 with the step done and not kept: the store is as it was, and the next one migrates it."""
    before = filled(url, tmp_path)
    assert opening(url, "DEADLY").wait() == -signal.SIGKILL
    assert revision(url) == "0001"

    with History.open(url).reading() as tx:
        assert everything(tx, *META.sorted_tables) == before
    with History.open(url, steps=LATER).reading() as tx:
        assert [row["id"] for row in rows(tx, RUNS)] == ["begun", "r1", "r2"]

    assert len(backups(tmp_path)) == (2 if kind == "sqlite" else 0)


def test_many_openers_make_a_store_once(url: str) -> None:
    """Processes that open an absent store at the same time all get one that is whole."""
    ended = [each.wait() for each in [opening(url, "OURS") for _ in range(4)]]

    assert ended == [0] * 4
    assert revision(url) == "0001"


def test_many_openers_migrate_a_store_once(url: str, kind: str, tmp_path: Path) -> None:
    """Processes that find an older store at the same time all get one that is up to date, and it is backed up once."""
    filled(url, tmp_path)
    ended = [each.wait() for each in [opening(url, "LATER") for _ in range(4)]]

    assert ended == [0] * 4
    assert revision(url) == "0002"
    assert len(backups(tmp_path)) == (kind == "sqlite")


def test_a_migration_waits_for_those_who_write(url: str, tmp_path: Path) -> None:
    """What a process of the older suite is about to keep is kept, and migrated with the rest."""
    filled(url, tmp_path)
    with History.open(url).begin() as tx:
        begin(tx, "late")
        migrating = opening(url, "LATER")
        with pytest.raises(subprocess.TimeoutExpired):
            migrating.wait(timeout=2)

    assert migrating.wait() == 0
    with History.open(url, steps=LATER).reading() as tx:
        assert [row["id"] for row in rows(tx, RUNS)] == ["begun", "late", "r1", "r2"]


def test_a_migration_waits_for_those_who_read(url: str, tmp_path: Path) -> None:
    """No table changes under a look at the store."""
    filled(url, tmp_path)
    with History.open(url).reading() as tx:
        migrating = opening(url, "LATER")
        with pytest.raises(subprocess.TimeoutExpired):
            migrating.wait(timeout=2)
        assert [row["id"] for row in rows(tx, RUNS)] == ["begun", "r1", "r2"]

    assert migrating.wait() == 0


def test_a_disk_without_room_for_the_backup_keeps_the_store_as_it_is(small_disk: Path, tmp_path: Path) -> None:
    """No backup, no migration, and no half of a backup."""
    url = str(small_disk / "history.sqlite")
    filled(url, tmp_path)
    with History.open(url).begin() as tx:
        for number in range(14):
            notes.put(tx, f"{number}", "x" * 1_000_000, NOON)

    with pytest.raises(StoreTrouble, match="full"):
        History.open(url, steps=LATER)

    assert revision(url) == "0001"
    assert sorted(each.name for each in small_disk.iterdir()) == ["history.sqlite", "history.sqlite.lock"]


def test_a_table_that_is_made_anew_keeps_what_refers_to_it(url: str, tmp_path: Path) -> None:
    """The outcomes hang on the runs whose table the step replaced, and still go with them."""
    filled(url, tmp_path)
    with History.open(url, steps=LATER).begin() as tx:
        before = len(rows(tx, OUTCOMES))
        tx.execute(text("DELETE FROM runs"))

        assert (before, len(rows(tx, OUTCOMES))) == (2, 0)


def test_many_stores_are_made_at_once_in_one_process(tmp_path: Path) -> None:
    """Alembic knows one migration of a process at a time: each thread's own store waits for the others'."""
    opened: list[str | None] = []

    def make(number: int) -> None:
        history = History.open(str(tmp_path / f"{number}.sqlite"))
        with history.reading() as tx:
            opened.append(tx.execute(text("SELECT version_num FROM history_revision")).scalar_one())
        history.close()

    threads = [threading.Thread(target=make, args=(number,)) for number in range(12)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert opened == [REVISION] * 12
