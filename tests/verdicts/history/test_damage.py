"""A damaged file is set aside and never deleted, a new one stands in for it, and the runs that still have their folders are in there."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.verdicts.history.made import ENVIRONMENT, begin, folder, outcome, rows
from verdicts.history import runs
from verdicts.history.file import all_set_aside
from verdicts.history.schema import OUTCOMES, RUNS
from verdicts.history.store import History, StoreTrouble

DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "its header is gone": lambda data: b"\0" * 100 + data[100:],
    "it is something else": lambda _: b"Dear diary,\n" * 2000,
    "it is cut off": lambda data: data[: len(data) // 2],
    "it is cut off within a page": lambda data: data[:5000],
    "it is one byte": lambda data: data[:1],
    "a stretch of it is zero": lambda data: data[:8192] + b"\0" * (len(data) - 16384) + data[-8192:],
    "a stretch of it is noise": lambda data: data[:12288] + bytes((31 * each * each) & 0xFF for each in range(len(data) - 12288)),
}


@pytest.fixture
def artifacts(tmp_path: Path) -> Path:
    """Return a folder in which two runs still stand, and what else lies about there."""
    place = tmp_path / "artifacts"
    folder(place, "r1", [outcome(run="r1")])
    folder(place, "r2", [outcome(run="r2"), outcome(run="r2", scenario="signup.b")], ended=None)
    (place / "latest").symlink_to("r2")
    (place / "empty").mkdir()
    (place / "broken").mkdir()
    (place / "broken" / "run.json").write_text('{"run": ')
    (place / "a file").write_text("")
    return place


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a file with 300 runs."""
    place = tmp_path / "history.sqlite"
    with History.open(str(place)).begin() as tx:
        for number in range(300):
            begin(tx, f"lost-{number}", folder="x" * 200)
    return place


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_set_aside_at_opening(damage: Callable[[bytes], bytes], path: Path, artifacts: Path) -> None:
    """Whatever happened to it, it is kept to the byte under another name, and the new store begins with the runs that are left."""
    damaged = damage(path.read_bytes())
    path.write_bytes(damaged)

    history = History.open(str(path), artifacts=artifacts)

    assert history.set_aside is not None
    assert history.set_aside.name.startswith("history.sqlite.damaged-20")
    assert history.set_aside.read_bytes() == damaged
    with history.reading() as tx:
        assert [(row["id"], row["state"]) for row in rows(tx, RUNS)] == [("r1", "ended"), ("r2", "running")]
        assert len(rows(tx, OUTCOMES)) == 3
        assert runs.unjudged(tx) == ["r1"]


def test_a_new_store_is_a_sound_one(path: Path) -> None:
    """It is opened again without another thought, and the next damage gets a name of its own."""
    path.write_bytes(b"no")
    History.open(str(path)).close()
    assert History.open(str(path)).set_aside is None
    path.write_bytes(b"nono")
    History.open(str(path)).close()

    assert [each.read_bytes() for each in all_set_aside(path)] == [b"no", b"nono"]


def test_a_file_that_is_damaged_in_use_is_set_aside_then(path: Path, artifacts: Path) -> None:
    """The transaction that met the damage has written nothing and says so; the next one finds a store."""
    history = History.open(str(path), artifacts=artifacts)
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))

    with pytest.raises(StoreTrouble) as trouble, history.begin() as tx:
        begin(tx, "new")

    assert trouble.value.kind == "damaged"
    assert history.set_aside is not None
    assert history.set_aside.name in str(trouble.value)
    with history.begin() as tx:
        begin(tx, "new")
    with history.reading() as tx:
        assert [row["id"] for row in rows(tx, RUNS)] == ["new", "r1", "r2"]


def test_whoever_else_uses_it_finds_the_new_one(path: Path) -> None:
    """Another process does not write into the file that was set aside, and does not set aside the new one."""
    first, second = History.open(str(path)), History.open(str(path))
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    with pytest.raises(StoreTrouble, match="damaged"), first.reading() as tx:
        rows(tx, RUNS)

    with second.begin() as tx:
        begin(tx, "new")

    assert second.set_aside is None
    assert len(all_set_aside(path)) == 1
    with first.reading() as tx:
        assert [row["id"] for row in rows(tx, RUNS)] == ["new"]


def test_many_who_meet_the_damage_at_once_set_it_aside_once(path: Path, artifacts: Path) -> None:
    """They wait for the one who mends it."""
    path.write_bytes(DAMAGES["a stretch of it is zero"](path.read_bytes()))
    opened: list[History] = []
    threads = [threading.Thread(target=lambda: opened.append(History.open(str(path), artifacts=artifacts))) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert len(opened) == 6
    assert sum(each.set_aside is not None for each in opened) == 1
    assert len(all_set_aside(path)) == 1


KILLED = """
import os, signal, sys
from pathlib import Path
import verdicts.history.file as file
from verdicts.history.store import History
file.import_all = lambda tx, artifacts: os.kill(os.getpid(), signal.SIGKILL)
History.open(sys.argv[1], artifacts=Path(sys.argv[2]))
"""


def test_a_process_that_is_killed_while_it_mends_is_made_up_for(path: Path, artifacts: Path) -> None:
    """Between setting aside and taking in, nothing is lost: the next one takes the runs in, and has a damaged file to tell of."""
    path.write_bytes(b"no")
    killed = subprocess.run([sys.executable, "-c", KILLED, str(path), str(artifacts)], env=ENVIRONMENT, check=False)
    assert killed.returncode == -signal.SIGKILL

    history = History.open(str(path), artifacts=artifacts)

    assert history.set_aside == all_set_aside(path)[-1]
    assert history.set_aside.read_bytes() == b"no"
    with history.reading() as tx:
        assert [row["id"] for row in rows(tx, RUNS)] == ["r1", "r2"]


def test_the_journal_of_a_damaged_file_goes_with_it(path: Path) -> None:
    """What SQLite had begun to undo is never undone in the new file."""
    path.write_bytes(b"no" * 4096)
    journal = path.with_name("history.sqlite-journal")
    journal.write_bytes(b"undo")

    history = History.open(str(path))

    assert history.set_aside is not None
    assert not journal.exists()
    assert history.set_aside.with_name(history.set_aside.name + "-journal").read_bytes() == b"undo"
    assert all_set_aside(path) == [history.set_aside]


def test_a_sound_file_stays_where_it_is(path: Path, tmp_path: Path) -> None:
    """A word of damage is looked into before anything is moved: here it is another file that is no database."""
    history = History.open(str(path))
    (tmp_path / "other.sqlite").write_bytes(b"no" * 4096)

    with pytest.raises(StoreTrouble) as trouble, history.reading() as tx:
        tx.exec_driver_sql(f"ATTACH '{tmp_path}/other.sqlite' AS other")

    assert trouble.value.kind == "damaged"
    assert history.set_aside is None
    with history.reading() as tx:
        assert len(rows(tx, RUNS)) == 300


def test_a_damaged_file_that_cannot_be_moved_is_said(small_disk: Path) -> None:
    """On a disk that cannot be written the damage stays where it is, and the store cannot be used."""
    path = small_disk / "history.sqlite"
    path.write_bytes(b"no")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)

    with pytest.raises(StoreTrouble, match="read-only"):
        History.open(str(path))

    assert path.read_bytes() == b"no"


def test_the_age_of_what_was_set_aside_does_not_matter_to_a_sound_store(path: Path, artifacts: Path) -> None:
    """A store that is there is not filled from folders because another one was damaged once."""
    aside = path.with_name("history.sqlite.damaged-20200101T000000Z")
    aside.write_bytes(b"no")

    history = History.open(str(path), artifacts=artifacts)

    assert history.set_aside is None
    with history.reading() as tx:
        assert len(rows(tx, RUNS)) == 300
