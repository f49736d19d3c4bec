"""The folder of a run, read as rows of the history. What a killed writer tore is passed over: absent is never a pass."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from verdicts.history import inert
from verdicts.outcome import Outcome, read

UNTOLD_DEADLINE = 3600.0
"""Seconds that a run is given whose record does not say when it must have ended."""

LIFE = {"intended": 0, "made": 1, "gone": 2}
"""The states of a thing in the ledger, in the order in which it takes them."""


@dataclass
class Record:
    """What a folder tells, as rows: the run, its outcomes in the order in which they were written, and the last word on each thing that it made."""

    run: dict[str, Any]
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    ledger: list[dict[str, Any]] = field(default_factory=list)


def load(folder: Path) -> Record | None:
    """Read a run's folder; None where it holds no run.

    Raises:
        OSError: it cannot be read.
    """
    facts = _object(folder / "run.json")
    started = inert.seconds(facts.get("started"))
    if not facts.get("run") or not facts.get("target") or started is None:
        return None
    record = Record(run=_run(folder, facts, started))
    for line, outcome in enumerate(read(folder / "outcomes.jsonl"), start=1):
        if row := _outcome(outcome, line, record.run):
            record.outcomes.append(row)
    record.ledger = _ledger(folder / "ledger.jsonl", record.run)
    return record


def _run(folder: Path, facts: dict[str, Any], started: float) -> dict[str, Any]:
    ended = inert.seconds(facts.get("ended"))
    state = "ended" if facts.get("state") == "ended" or ended is not None else "running"
    exit_code, left = inert.number(facts.get("exit")), facts.get("left_behind")
    return {
        "id": inert.text(facts["run"]),
        "target": inert.text(facts["target"]),
        "location": inert.text(facts.get("location") or ""),
        "state": state,
        "whole": facts.get("whole") is True,
        "started": started,
        "ended": ended,
        "deadline": inert.number(facts.get("deadline")) or started + UNTOLD_DEADLINE,
        "host": inert.text(facts.get("host") or ""),
        "pid": int(inert.number(facts.get("pid")) or 0),
        "cadence": inert.number(facts.get("cadence")) or 0.0,
        **{name: inert.optional(facts.get(name)) for name in ("product", "version", "revision")},
        "exit": None if exit_code is None else int(exit_code),
        "reason": inert.optional(facts.get("exit_reason")) if state == "ended" else None,
        "unreachable": facts.get("unreachable") is True,
        "manifest": manifest(_expected(folder, facts)),
        "left_behind": len(left) if isinstance(left, list) else int(inert.number(left) or 0),
        "drill": facts.get("drill") is True,
        "folder": str(folder),
        "judged": None,
    }


def manifest(pairs: Iterator[tuple[str, str]] | set[tuple[str, str]]) -> str:
    """Return scenarios and surfaces as the store keeps them."""
    return json.dumps(sorted(set(pairs)), ensure_ascii=False)


def _expected(folder: Path, facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what the run was to try: ``run.json`` tells it at the end, the journal of a killed run since its collection."""
    told = facts.get("expected")
    collected = (event.get("items") for event in _lines(folder / "journal.jsonl") if event.get("event") == "collected")
    for items in (told, *collected):
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict) and item.get("scenario") and item.get("surface"):
                yield inert.text(item["scenario"]), inert.text(item["surface"])


def _outcome(outcome: Outcome, line: int, run: dict[str, Any]) -> dict[str, Any] | None:
    """Return an outcome as a row, None where it has no time or no number."""
    started, took, attempt = inert.seconds(outcome.started), inert.number(outcome.seconds), inert.number(outcome.attempt)
    if started is None or took is None or attempt is None:
        return None
    words = ("scenario", "surface", "title", "journey", "owner", "severity", "failure", "risk", "runbook", "nodeid", "trace_id")
    return {
        "run": run["id"],
        "target": run["target"],
        "location": run["location"],
        "line": line,
        "attempt": int(attempt),
        "status": str(outcome.status),
        "started": started,
        "seconds": took,
        **{name: inert.text(getattr(outcome, name)) for name in words},
        "error": inert.optional(outcome.error),
        "blame": inert.optional(outcome.blame),
        "place": inert.optional(outcome.where),
        "states": inert.texts(outcome.states),
        "slow": inert.texts(outcome.slow),
        "evidence": inert.mapping(outcome.evidence if isinstance(outcome.evidence, dict) else {}),
        "left_behind": inert.texts(outcome.left_behind),
    }


def _ledger(path: Path, run: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what became of each thing: the furthest state that a line tells, since when, and the product's own id once a line tells it."""
    things: dict[str, dict[str, Any]] = {}
    for line in _lines(path):
        at = inert.number(line.get("at"))
        if at is None or line.get("state") not in LIFE or not line.get("key") or not line.get("name"):
            continue
        key = inert.text(line["key"])
        row = things.get(key)
        if row is None:
            words = {name: inert.text(line.get(name) or "") for name in ("kind", "name", "nodeid")}
            things[key] = row = {"run": run["id"], "key": key, "target": run["target"], **words, "product_id": None, "state": line["state"], "at": at}
        if LIFE[line["state"]] > LIFE[row["state"]]:
            row |= {"state": line["state"], "at": at}
        row["product_id"] = row["product_id"] or inert.optional(line.get("id"))
    return list(things.values())


def _object(path: Path) -> dict[str, Any]:
    """Read a file that holds one JSON object; an empty one where it is missing or holds something else."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8", errors="replace"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return {}
    return raw if isinstance(raw, dict) else {}


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the JSON objects of a file, one a line; a last line without its end is torn."""
    try:
        *lines, _torn = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except FileNotFoundError:
        return
    for line in lines:
        try:
            raw = json.loads(line)
        except ValueError:
            continue
        if isinstance(raw, dict):
            yield raw
