"""What a run left on disk, as the page needs it. Whatever is missing or damaged is said, never fatal: a broken run needs its report most."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from verdicts.outcome import Outcome, Request, Step, final, from_json

_NUMBER = (int, float)
_EXPECTED_TYPES: dict[str, Any] = {"str": str, "float": _NUMBER, "int": int, "int | None": (int, type(None)), "str | None": (str, type(None))}


@dataclass(frozen=True)
class Expected:
    """An entry of the run's manifest: a scenario that should have been tried on a surface."""

    scenario: str
    surface: str
    nodeid: str


@dataclass(frozen=True)
class Run:
    """The head of a run, ``run.json``. What it does not hold is None."""

    name: str
    target: str | None
    url: str | None
    product: str | None
    version: str | None
    revision: str | None
    started: datetime | None
    ended: datetime | None
    executed: int | None
    exit: int | None
    exit_reason: str | None
    surfaces: str | None
    lanes: str | None
    browser: str | None
    location: str | None
    command: str | None
    rounds: str | None

    @property
    def seconds(self) -> float | None:
        """How long it took, where both ends are known."""
        return (self.ended - self.started).total_seconds() if self.started and self.ended else None


@dataclass(frozen=True)
class Record:
    """Everything on disk about one run. `finals` holds one outcome for each scenario and surface, `attempts` every one."""

    folder: Path
    run: Run
    attempts: dict[tuple[str, str], tuple[Outcome, ...]]
    finals: tuple[Outcome, ...]
    expected: tuple[Expected, ...] | None
    left_behind: tuple[str, ...]
    unreadable: int
    torn: bool

    @property
    def absent(self) -> tuple[Expected, ...]:
        """What the manifest expected and no outcome tells of."""
        return tuple(each for each in self.expected or () if (each.scenario, each.surface) not in self.attempts)


def load(folder: Path) -> Record:
    """Read the folder of a run."""
    head = _head(folder / "run.json")
    outcomes, unreadable, torn = _outcomes(folder / "outcomes.jsonl")
    attempts: dict[tuple[str, str], tuple[Outcome, ...]] = {}
    for outcome in sorted(outcomes, key=lambda each: each.attempt):
        attempts[outcome.key] = (*attempts.get(outcome.key, ()), outcome)
    left = [*_texts(head.get("left_behind")), *(item for each in outcomes for item in each.left_behind)]
    return Record(
        folder=folder,
        run=_run(folder, head),
        attempts=attempts,
        finals=tuple(final(outcomes)),
        expected=_expected(head.get("expected")),
        left_behind=tuple(dict.fromkeys(left)),
        unreadable=unreadable,
        torn=torn,
    )


def moment(text: Any) -> datetime | None:
    """Read an ISO 8601 time, taken to be UTC where it names no zone; None where it is no such thing."""
    if not isinstance(text, str):
        return None
    try:
        read = datetime.fromisoformat(text)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _head(path: Path) -> dict[str, Any]:
    try:
        head = json.loads(path.read_text(encoding="utf-8", errors="replace"))
    except (OSError, ValueError, RecursionError):
        return {}
    return head if isinstance(head, dict) else {}


def _run(folder: Path, head: dict[str, Any]) -> Run:
    def said(name: str) -> str | None:
        value = head.get(name)
        if isinstance(value, list):
            return ", ".join(_texts(value)) or None
        if isinstance(value, dict):
            return ", ".join(f"{key} {each}" for key, each in value.items()) or None
        return None if value is None or value == "" else str(value)

    def number(name: str) -> int | None:
        value = head.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    return Run(
        name=said("run") or folder.name,
        started=moment(head.get("started")),
        ended=moment(head.get("ended")),
        executed=number("executed"),
        exit=number("exit"),
        **{
            name: said(name)
            for name in ("target", "url", "product", "version", "revision", "exit_reason", "surfaces", "lanes", "browser", "location", "command", "rounds")
        },
    )


def _texts(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def _expected(listed: Any) -> tuple[Expected, ...] | None:
    if not isinstance(listed, list):
        return None
    entries = [each for each in listed if isinstance(each, dict) and "scenario" in each]
    return tuple(Expected(str(each["scenario"]), str(each.get("surface", "unknown")), str(each.get("nodeid", ""))) for each in entries)


def _outcomes(path: Path) -> tuple[list[Outcome], int, bool]:
    """Read line by line, as `verdicts.outcome.read` does, but pass over and count what is damaged."""
    try:
        *whole, rest = path.read_bytes().split(b"\n")
    except OSError:
        return [], 0, False
    read = [_outcome(line) for line in whole if line.strip()]
    return [each for each in read if each], sum(each is None for each in read), bool(rest.strip())


def _outcome(line: bytes) -> Outcome | None:
    try:
        outcome = from_json(line.decode("utf-8", errors="replace"))
    except (ValueError, RecursionError):
        return None
    parts: Iterator[Outcome | Step | Request] = iter((outcome, *outcome.steps, *outcome.requests))
    return outcome if all(_well_typed(part) for part in parts) and _texts_only(outcome) else None


def _well_typed(part: Outcome | Step | Request) -> bool:
    for field in fields(part):
        value, kind = getattr(part, field.name), _EXPECTED_TYPES.get(str(field.type))
        if kind is not None and not isinstance(value, kind):
            return False
        if isinstance(value, float) and not math.isfinite(value):
            return False
    return True


def _texts_only(outcome: Outcome) -> bool:
    lists = (outcome.states, outcome.slow, outcome.console, outcome.left_behind)
    return isinstance(outcome.evidence, dict) and all(isinstance(text, str) for texts in (*lists, outcome.evidence.values()) for text in texts)
