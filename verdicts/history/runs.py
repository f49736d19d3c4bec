"""Runs and what came of them: begun, taken in from their folders, given up, and read by judgement.

Taking in a folder is a merge that knows no order: whatever parts of a run's journal arrive, however often and in whichever order, the store ends up with
all that any of them told. A run that has ended never runs again, and one that was given up still tells what it has to tell.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, Subquery, func, or_, select, update

from verdicts.history import inert, journal
from verdicts.history.journal import LIFE, Record
from verdicts.history.schema import LEDGER, OUTCOMES, RUNS
from verdicts.history.upsert import insert
from verdicts.outcome import Outcome, Status
from verdicts.view import Ran

STATES = {"running": 0, "incomplete": 1, "ended": 2}
"""The states of a run, in the order in which it may take them."""

AT = func.coalesce(RUNS.c.ended, RUNS.c.started)
"""When a run said what it says: `verdicts.view.Ran.at` in SQL."""


def begin_run(
    tx: Connection,
    *,
    id: str,  # noqa: A002 -- the column's name, and only ever a keyword
    target: str,
    location: str,
    whole: bool,
    started: float,
    deadline: float,
    host: str,
    pid: int,
    cadence: float,
    product: str | None,
    drill: bool,
    folder: Path | str | None,
) -> None:
    """Write down that a run is about to begin, before it does anything; twice is the same as once.

    `deadline` is when it is given up wherever it runs, `cadence` the seconds between two scheduled runs.
    """
    told: dict[str, Any] = {
        "id": inert.text(id),
        "target": inert.text(target),
        "location": inert.text(location),
        "state": "running",
        "whole": whole,
        "started": started,
        "deadline": deadline,
        "host": host,
        "pid": pid,
        "cadence": cadence,
        "product": inert.optional(product),
        "drill": drill,
        "folder": inert.optional(folder),
        "ended": None,
        "version": None,
        "revision": None,
        "exit": None,
        "reason": None,
        "unreachable": False,
        "manifest": "[]",
        "left_behind": 0,
        "judged": None,
    }
    _merge_run(tx, told)


def import_folder(tx: Connection, folder: Path) -> bool:
    """Take in what a run's folder tells, and return whether the store learned anything: the same folder again tells nothing new.

    A run that was judged and of which more is known now is to be judged again.

    Raises:
        OSError: the folder cannot be read.
    """
    record = journal.load(folder)
    return record is not None and _take_in(tx, record)


def give_up_dead(tx: Connection, now: float, host: str, alive: Callable[[int], bool]) -> list[str]:
    """Make `incomplete` what runs no more: runs of this host whose process is not `alive`, and runs of any host that are past their deadline.

    What such a run's folder still tells is taken in, where the folder is here: a run that had ended, and could only not say so, is `ended`. What it had
    begun and not ended stays absent. Returns the ids of those that are incomplete now.
    """
    given_up = []
    for row in tx.execute(select(RUNS).where(RUNS.c.state == "running").order_by(RUNS.c.started, RUNS.c.id).with_for_update(skip_locked=True)).mappings().all():
        dead = row["host"] == host and row["pid"] > 0 and not alive(row["pid"])
        if not dead and now <= row["deadline"]:
            continue
        with suppress(OSError):  # a folder that cannot be read tells nothing; its run is over all the same
            _take_in_last_words(tx, row)
        reason = f"its process {row['pid']} on {row['host']} is gone" if dead else "it passed its deadline and was given up"
        heard = select(func.max(OUTCOMES.c.started + OUTCOMES.c.seconds)).where(OUTCOMES.c.run == row["id"])
        last = tx.execute(heard).scalar_one()
        settled = update(RUNS).where(RUNS.c.id == row["id"], RUNS.c.state == "running")
        values = {"state": "incomplete", "ended": None if last is None else min(last, now), "reason": reason, "judged": None}
        if tx.execute(settled.values(values)).rowcount:
            given_up.append(str(row["id"]))
    return given_up


def recent(tx: Connection, target: str, *, since: float, least: int) -> tuple[Ran, ...]:
    """Return the runs of a target that spoke at `since` or later, and at least the `least` latest of each location however old they are, oldest first.

    Their outcomes come without steps, requests and console, in the order in which they were written.
    """
    rank = func.row_number().over(partition_by=RUNS.c.location, order_by=(AT.desc(), RUNS.c.id.desc()))
    ranked = select(RUNS.c.id, AT.label("at"), rank.label("rank")).where(RUNS.c.target == target).subquery()
    return _read(tx, select(ranked.c.id).where(or_(ranked.c.at >= since, ranked.c.rank <= least)))


def last(tx: Connection, target: str, location: str | None = None) -> Ran | None:
    """Return the run of a target (at a location) that spoke last, None where there was none."""
    found = select(RUNS.c.id).where(RUNS.c.target == target).order_by(AT.desc(), RUNS.c.id.desc()).limit(1)
    if location is not None:
        found = found.where(RUNS.c.location == location)
    return next(iter(_read(tx, found)), None)


def targets(tx: Connection) -> list[str]:
    """Return the names of the targets that have runs here."""
    return list(tx.execute(select(RUNS.c.target).distinct().order_by(RUNS.c.target)).scalars())


def unjudged(tx: Connection, target: str | None = None) -> list[str]:
    """Return the ids of the runs (of a target) that run no more and were not judged since they last told something, oldest first."""
    found = select(RUNS.c.id).where(RUNS.c.state != "running", RUNS.c.judged.is_(None)).order_by(AT, RUNS.c.id)
    if target is not None:
        found = found.where(RUNS.c.target == target)
    return list(tx.execute(found).scalars())


def mark_judged(tx: Connection, run_id: str, now: float) -> None:
    """Write down that a run was judged."""
    tx.execute(update(RUNS).where(RUNS.c.id == run_id).values(judged=now))


def _take_in(tx: Connection, record: Record) -> bool:
    """Merge a record; return whether the store learned anything."""
    learned = _merge_run(tx, record.run)
    learned = _merge_outcomes(tx, record) or learned
    if learned:
        tx.execute(update(RUNS).where(RUNS.c.id == record.run["id"]).values(judged=None))
    return _merge_ledger(tx, record) or learned


def _take_in_last_words(tx: Connection, row: RowMapping) -> None:
    """Take in the folder of a run if it is here, and is that run's: another host's path may name something else."""
    record = journal.load(Path(row["folder"])) if row["folder"] else None
    if record is not None and record.run["id"] == row["id"]:
        _take_in(tx, record)


def _merge_run(tx: Connection, told: dict[str, Any]) -> bool:
    """Bring a run's row up to what is told of it; return whether that changed it. Until the transaction ends, nobody else changes it."""
    making = insert(tx, RUNS).values(told).on_conflict_do_nothing(index_elements=[RUNS.c.id])
    if tx.execute(making.returning(RUNS.c.id)).scalar_one_or_none() is not None:
        return True
    known = tx.execute(select(RUNS).where(RUNS.c.id == told["id"]).with_for_update()).mappings().one()
    values = {name: value for name, value in merged(known, told).items() if value != known[name]}
    if values:
        tx.execute(update(RUNS).where(RUNS.c.id == told["id"]).values(values))
    return bool(values)


def merged(known: RowMapping, told: dict[str, Any]) -> dict[str, Any]:
    """Return what is known of a run once `told` was heard: the later state decides, and what it leaves open stays as it was."""
    further = _standing(told) > _standing(known)
    values: dict[str, Any] = {name: told[name] for name in ("state", "ended", "exit", "reason", "left_behind") if further}
    for name in ("location", "product", "version", "revision", "folder", "cadence"):
        values[name] = (told[name] or known[name]) if further else (known[name] or told[name])
    if not known["host"] and told["host"]:
        values |= {name: told[name] for name in ("host", "pid", "deadline")}
    for name in ("whole", "unreachable", "drill"):
        values[name] = known[name] or told[name]
    pairs = {(scenario, surface) for each in (known, told) for scenario, surface in json.loads(each["manifest"])}
    values["manifest"] = journal.manifest(pairs)
    return values


def _standing(run: RowMapping | dict[str, Any]) -> tuple[int, float, int]:
    """Order what is told of one run: its record is written more than once while it ends."""
    ended = run["ended"] or 0.0 if run["state"] == "ended" else 0.0
    return STATES[run["state"]], ended, run["left_behind"]


def _merge_outcomes(tx: Connection, record: Record) -> bool:
    """Add the outcomes that the store does not have; return whether there were any."""
    attempt = (OUTCOMES.c.scenario, OUTCOMES.c.surface, OUTCOMES.c.attempt)
    known = {tuple(row[:3]): row[3] for row in tx.execute(select(*attempt, OUTCOMES.c.line).where(OUTCOMES.c.run == record.run["id"]))}
    latest = {(row["scenario"], row["surface"], row["attempt"]): row for row in record.outcomes}
    new = [row for key, row in latest.items() if row["line"] > known.get(key, 0)]
    if new:
        adding = insert(tx, OUTCOMES)
        values = {column.name: adding.excluded[column.name] for column in OUTCOMES.c if not column.primary_key}
        tx.execute(adding.on_conflict_do_update(index_elements=[OUTCOMES.c.run, *attempt], set_=values), new)
    return bool(new)


def _merge_ledger(tx: Connection, record: Record) -> bool:
    """Bring the ledger up to what a run's own one tells; what is gone stays gone. Return whether that changed anything."""
    known = {row["key"]: row for row in tx.execute(select(LEDGER).where(LEDGER.c.run == record.run["id"])).mappings()}
    new = []
    for told in record.ledger:
        row = known.get(told["key"])
        if row is None:
            new.append(told)
        elif LIFE[told["state"]] > LIFE[row["state"]]:
            new.append({**told, "product_id": row["product_id"] or told["product_id"]})
        elif told["product_id"] and not row["product_id"]:
            new.append({**row, "product_id": told["product_id"]})
    if new:
        adding = insert(tx, LEDGER)
        values = {name: adding.excluded[name] for name in ("product_id", "state", "at")}
        tx.execute(adding.on_conflict_do_update(index_elements=[LEDGER.c.run, LEDGER.c.key], set_=values), new)
    return bool(new)


def _read(tx: Connection, ids: Select[tuple[str]]) -> tuple[Ran, ...]:
    """Return the runs of these ids with their outcomes, oldest first."""
    chosen = ids.subquery()
    outcomes = defaultdict(list)
    for row in tx.execute(_of(OUTCOMES.c.run, select(OUTCOMES), chosen).order_by(OUTCOMES.c.run, OUTCOMES.c.line)).mappings():
        outcomes[row["run"]].append(outcome(row))
    rows = tx.execute(_of(RUNS.c.id, select(RUNS), chosen).order_by(AT, RUNS.c.id)).mappings()
    return tuple(_ran(row, outcomes[row["id"]]) for row in rows)


def _of(column: Any, found: Select[Any], chosen: Subquery) -> Select[Any]:
    return found.where(column.in_(select(chosen.c.id)))


def _ran(row: RowMapping, outcomes: Sequence[Outcome]) -> Ran:
    return Ran(
        id=row["id"],
        location=row["location"],
        state=row["state"],
        started=row["started"],
        ended=row["ended"],
        whole=row["whole"],
        exit=row["exit"],
        unreachable=row["unreachable"],
        reason=row["reason"] or "",
        version=row["version"] or "",
        left_behind=row["left_behind"],
        manifest=frozenset((scenario, surface) for scenario, surface in json.loads(row["manifest"])),
        outcomes=tuple(outcomes),
    )


def outcome(row: RowMapping) -> Outcome:
    """Return a row of the outcomes as the record that judgement reads."""
    words = ("run", "target", "scenario", "surface", "title", "journey", "owner", "severity", "failure", "risk", "runbook", "nodeid", "trace_id")
    lists = ("states", "slow", "left_behind")
    read: dict[str, Any] = {name: row[name] for name in words} | {name: tuple(json.loads(row[name])) for name in lists}
    return Outcome(
        **read,
        attempt=row["attempt"],
        status=Status(row["status"]),
        started=inert.iso(row["started"]),
        seconds=row["seconds"],
        error=row["error"],
        blame=row["blame"],
        where=row["place"],
        evidence=json.loads(row["evidence"]),
    )
