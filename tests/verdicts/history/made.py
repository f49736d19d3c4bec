"""Runs that nobody ran: their folders as a run leaves them, and their rows."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select

from tests.verdicts.made import outcome
from verdicts.history import inert, runs
from verdicts.outcome import Outcome

ROOT = Path(__file__).parents[3]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
"""What a process of the suite is started with, wherever the tests were started."""

DAY = 86400.0
NOON = 1_767_268_800.0
"""2026-01-01 at twelve, UTC."""


def begin(tx: Connection, name: str = "r1", **given: Any) -> None:
    """Begin a run of target t at noon, for half an hour."""
    told = {
        "target": "t",
        "location": "here",
        "whole": True,
        "started": NOON,
        "deadline": NOON + 1800,
        "host": "h",
        "pid": 7,
        "cadence": 300.0,
        "product": "cloudsuite",
        "drill": False,
        "folder": None,
    }
    runs.begin_run(tx, id=name, **{**told, **given})


def folder(at: Path, name: str = "r1", outcomes: Iterable[Outcome] = (), *, ended: float | None = NOON + 60, **given: Any) -> Path:
    """Write the folder of a run that began at noon; without `ended` it has not ended."""
    place = at / name
    place.mkdir(parents=True, exist_ok=True)
    told = list(outcomes)
    pairs = sorted({each.key for each in told})
    facts = {
        "run": name,
        "target": "t",
        "url": "https://127.0.0.1:1",
        "product": "cloudsuite",
        "version": "Cloud Suite 1.0.0",
        "revision": "abc1234",
        "started": inert.iso(NOON),
        "ended": None if ended is None else inert.iso(ended),
        "expected": [] if ended is None else [{"scenario": scenario, "surface": surface, "nodeid": "x"} for scenario, surface in pairs],
        "executed": len(told),
        "exit": None if ended is None else 0,
        "exit_reason": "still running" if ended is None else "every promise kept",
        "location": "here",
        "left_behind": [],
        "state": "running" if ended is None else "ended",
        "cadence": 300,
        "whole": True,
        **given,
    }
    (place / "run.json").write_text(json.dumps({name: value for name, value in facts.items() if value is not ...}))
    if told:
        (place / "outcomes.jsonl").write_text("".join(f"{each.to_json()}\n" for each in told))
    return place


def take_in(tx: Connection, at: Path, name: str = "r1", outcomes: Iterable[Outcome] = (), **given: Any) -> None:
    """Write the folder of a run, and take it in."""
    runs.import_folder(tx, folder(at, name, outcomes, **given))


def ledger(place: Path, *lines: tuple[str, str, str | None, float]) -> Path:
    """Write the ledger of a run: key, state, the product's id, and when."""
    told = [{"key": key, "kind": "project", "name": f"syn-{key}", "id": number, "state": state, "nodeid": "n", "at": at} for key, state, number, at in lines]
    (place / "ledger.jsonl").write_text("".join(json.dumps(line) + "\n" for line in told))
    return place


def rows(tx: Connection, table: Table) -> list[dict[str, Any]]:
    """Return all that a table holds, in the order of its key."""
    return [dict(row) for row in tx.execute(select(table).order_by(*table.primary_key.columns)).mappings()]


def everything(tx: Connection, *tables: Table) -> dict[str, list[dict[str, Any]]]:
    """Return all that these tables hold."""
    return {table.name: rows(tx, table) for table in tables}


__all__ = ["DAY", "ENVIRONMENT", "NOON", "ROOT", "begin", "everything", "folder", "ledger", "outcome", "rows", "take_in"]
