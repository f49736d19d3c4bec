"""What is over is forgotten in time, what is not is kept, and the store stays within its size."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from tests.verdicts.history.made import DAY, NOON, begin, everything, folder, ledger, outcome, rows, take_in
from verdicts.history import leases, notes, pages, proofs, runs, windows
from verdicts.history.inert import iso
from verdicts.history.proofs import Proof
from verdicts.history.retention import LATEST
from verdicts.history.schema import ALERTS, LEDGER, META, OUTBOX, OUTCOMES, PROOFS, RUNS
from verdicts.history.store import KEEP, History, prune

LONG_AGO = NOON - 100 * DAY


def alert(tx: Connection, name: str, *, closed: float | None = None) -> int:
    """Add an alert, and return its id."""
    told = {
        **dict.fromkeys(("key", "scenario", "opened_by"), name),
        **dict.fromkeys(("failure", "title", "owner", "severity", "why"), "x"),
        **dict.fromkeys(("opened", "since", "seen"), LONG_AGO),
        "target": "t",
        "number": 1,
        "runs": 1,
        "state": "open" if closed is None else "closed",
        "closed": closed,
    }
    return int(tx.execute(insert(ALERTS).values(told).returning(ALERTS.c.id)).scalar_one())


def message(tx: Connection, about: int | None, state: str, settled: float | None) -> None:
    """Add a message about an alert."""
    told: dict[str, Any] = {
        **dict.fromkeys(("key", "channel", "message"), "x"),
        **dict.fromkeys(("created", "due", "expires"), LONG_AGO),
        "settings": "{}",
        "alert": about,
        "incident": f"x-{about}",
        "kind": "trigger",
        "state": state,
        "settled": settled,
    }
    tx.execute(insert(OUTBOX).values(told))


def test_what_is_over_is_forgotten_after_its_time(history: History, tmp_path: Path) -> None:
    """Runs with their outcomes, closed alerts with their messages, things that are gone, windows that ended, and test pages."""
    with history.begin() as tx:
        for number in range(LATEST + 2):
            began = LONG_AGO + number
            take_in(tx, tmp_path, f"old-{number}", [outcome(run=f"old-{number}")], started=iso(began), ended=began + 1)
        message(tx, alert(tx, "closed", closed=LONG_AGO), "sent", LONG_AGO)
        message(tx, None, "dead", LONG_AGO)
        runs.import_folder(tx, ledger(folder(tmp_path, "old-0", started=iso(LONG_AGO), ended=LONG_AGO), ("k1", "gone", "p1", LONG_AGO)))
        windows.silence(tx, target="t", scenario="*", owner="o", reason="r", now=LONG_AGO, ends=LONG_AGO + 1)
        windows.quarantine(tx, target="t", scenario="a", owner="o", reason="r", issue="https://x", now=LONG_AGO, expires=LONG_AGO + 1, clean_runs=1)
        pages.sent(tx, code="c", owner="o", now=LONG_AGO)

    pruned = prune(history, NOON)

    assert (pruned.runs, pruned.alerts, pruned.messages, pruned.things) == (2, 1, 2, 1)
    with history.reading() as tx:
        left = everything(tx, *META.sorted_tables)
        assert [row["id"] for row in left["runs"]] == [f"old-{number}" for number in range(2, LATEST + 2)]
        assert {row["run"] for row in left["outcomes"]} == {row["id"] for row in left["runs"]}
        assert [name for name, table in left.items() if table] == ["runs", "outcomes"]
    assert prune(history, NOON).runs == 0


def test_what_is_not_over_is_never_forgotten(history: History, tmp_path: Path) -> None:
    """Open alerts with all that was said of them, pending messages, what may still exist, proofs, fences, notes and runs that run, however old."""
    with history.begin() as tx:
        message(tx, alert(tx, "open"), "sent", LONG_AGO)
        message(tx, alert(tx, "closed and not told", closed=LONG_AGO), "pending", None)
        message(tx, None, "pending", None)
        runs.import_folder(tx, ledger(folder(tmp_path, "r1", target="gone", started=iso(LONG_AGO), ended=LONG_AGO), ("k1", "made", "p1", LONG_AGO)))
        for number in range(LATEST + 2):
            begin(tx, f"running-{number}", started=LONG_AGO + number)
        proofs.add(tx, Proof("x", "f", "t", LONG_AGO, "b", "proven", {}, "r"))
        leases.take(tx, "judge", "me", LONG_AGO, 1)
        notes.put(tx, "a", "1", LONG_AGO)
        windows.silence(tx, target="t", scenario="*", owner="o", reason="r", now=LONG_AGO, ends=NOON + 1)
        windows.quarantine(tx, target="t", scenario="a", owner="o", reason="r", issue="https://x", now=LONG_AGO, expires=NOON + 1, clean_runs=1)
    with history.reading() as tx:
        before = everything(tx, *META.sorted_tables)

    pruned = prune(history, NOON, most_bytes=0)

    assert (pruned.runs, pruned.alerts, pruned.messages, pruned.things) == (0, 0, 0, 0)
    with history.reading() as tx:
        assert everything(tx, *META.sorted_tables) == before


def test_what_ended_within_the_time_is_kept(history: History, tmp_path: Path) -> None:
    """To the second, and by when it ended; a shorter time forgets more."""
    with history.begin() as tx:
        for number in range(LATEST):
            begin(tx, f"new-{number}", started=NOON + number)
        take_in(tx, tmp_path, "before", started=iso(LONG_AGO), ended=NOON - KEEP - 1)
        take_in(tx, tmp_path, "within", started=iso(LONG_AGO), ended=NOON - KEEP)

    assert prune(history, NOON).runs == 1
    with history.reading() as tx:
        assert {"within"} == {row["id"] for row in rows(tx, RUNS)} - {f"new-{number}" for number in range(LATEST)}
    assert prune(history, NOON, keep=DAY).runs == 1


def test_the_latest_runs_of_each_location_are_kept(history: History) -> None:
    """A location that fell silent is not forgotten before somebody was told."""
    with history.begin() as tx:
        for place in ("east", "west"):
            for number in range(LATEST + 1):
                begin(tx, f"{place}-{number}", location=place, started=LONG_AGO + number, deadline=LONG_AGO + 999)
        runs.give_up_dead(tx, NOON, "h", lambda _: True)

    assert prune(history, NOON).runs == 2
    with history.reading() as tx:
        assert {row["id"] for row in rows(tx, RUNS)}.isdisjoint({"east-0", "west-0"})


@pytest.fixture
def large(history: History, tmp_path: Path) -> History:
    """Return a store of some megabytes, in which most is of one target's 120 runs."""
    with history.begin() as tx:
        for number in range(120):
            told = [outcome(run=f"r{number:03}", scenario=f"signup.{each}", error=f"{number}-{each} " * 400) for each in range(12)]
            take_in(tx, tmp_path, f"r{number:03}", told, started=iso(NOON + number), ended=NOON + number + 1)
        proofs.add(tx, Proof("x", "f", "t", LONG_AGO, "b", "proven", {}, "r"))
    return history


def test_a_store_that_is_too_large_forgets_its_oldest_runs(large: History, kind: str, url: str) -> None:
    """The latest ones stay, the disk gets the room back, and there is some left before the next time."""
    before = large.size()
    most = before // 2
    pruned = prune(large, NOON, most_bytes=most)

    assert pruned.bytes == large.size() <= most
    with large.reading() as tx:
        kept = [row["id"] for row in rows(tx, RUNS)]
        assert kept == [f"r{number:03}" for number in range(120 - len(kept), 120)]
        assert len(rows(tx, OUTCOMES)) == 12 * len(kept)
        assert len(rows(tx, PROOFS)) == 1
    assert 120 - pruned.runs == len(kept) > 30
    assert kind != "sqlite" or Path(url).stat().st_size == pruned.bytes
    assert prune(large, NOON, most_bytes=most).runs == 0


def test_a_bound_that_cannot_be_kept_leaves_what_is_needed(large: History) -> None:
    """The latest runs are there even if they alone are too much."""
    prune(large, NOON, most_bytes=1)

    with large.reading() as tx:
        assert [row["id"] for row in rows(tx, RUNS)] == [f"r{number:03}" for number in range(120 - LATEST, 120)]


def test_room_that_is_free_already_costs_no_run(large: History) -> None:
    """What was deleted and not given back is given back first."""
    with large.begin() as tx:
        tx.execute(OUTCOMES.delete())
    size = large.size()
    pruned = prune(large, NOON, most_bytes=size - 1)

    assert pruned.runs == 0
    assert pruned.bytes < size // 2


def test_things_go_with_the_runs_that_made_them_if_they_are_gone(large: History, tmp_path: Path) -> None:
    """And stay if they are not."""
    with large.begin() as tx:
        runs.import_folder(tx, ledger(folder(tmp_path, "r000", ended=NOON + 1), ("k1", "gone", "p1", NOON), ("k2", "made", "p2", NOON)))
    pruned = prune(large, NOON, most_bytes=1)

    assert pruned.things == 1
    with large.reading() as tx:
        assert [row["key"] for row in rows(tx, LEDGER)] == ["k2"]
