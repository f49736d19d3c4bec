"""The outcome of one attempt of one scenario on one surface: a line of ``outcomes.jsonl``."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

HALVES = re.compile("[\ud800-\udfff]")


class Status(StrEnum):
    """How an attempt ended. Nothing but `PASSED` is green; only `FAILED` concerns the product's owner."""

    PASSED = "passed"
    FAILED = "failed"
    """The product broke its promise."""
    DEGRADED = "degraded"
    """Kept, but slower than its budget, or only on the confirming attempt."""
    ERROR = "error"
    """The monitor cannot tell: runner, browser, mailbox, credentials, network of the runner."""
    INCOMPLETE = "incomplete"
    """Killed or timed out by the supervisor."""
    BLOCKED = "blocked"
    """An earlier stage or the preflight failed."""
    NOT_APPLICABLE = "not_applicable"
    """The product has no such capability."""
    QUARANTINED = "quarantined"
    """Ran, but is known to be unreliable."""


@dataclass(frozen=True)
class Step:
    """One step: `began` in seconds since the attempt's start, `seconds` its duration, `depth` its nesting, `status` passed or failed."""

    title: str
    began: float
    seconds: float
    depth: int
    status: str


@dataclass(frozen=True)
class Request:
    """One request: `began` in seconds since the attempt's start; `status` None where no answer came."""

    method: str
    url: str
    began: float
    seconds: float
    status: int | None
    request_id: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Outcome:
    """One attempt. `started` is ISO 8601 in UTC; `seconds` its duration.

    `evidence` maps a kind (trace, screenshot, console, requests) to a path relative to the run's folder.
    """

    run: str
    target: str
    scenario: str
    surface: str
    attempt: int
    status: Status
    title: str
    journey: str
    owner: str
    severity: str
    failure: str
    risk: str
    runbook: str
    started: str
    seconds: float
    nodeid: str
    error: str | None = None
    blame: str | None = None
    """Who: product, suite, target; None where nobody is to blame."""
    where: str | None = None
    """The step in which it went wrong, and the file and line of the scenario."""
    trace_id: str = ""
    steps: tuple[Step, ...] = ()
    states: tuple[str, ...] = ()
    slow: tuple[str, ...] = ()
    requests: tuple[Request, ...] = ()
    console: tuple[str, ...] = ()
    evidence: dict[str, str] = field(default_factory=dict)
    left_behind: tuple[str, ...] = ()
    """What the attempt made and could not remove."""

    @property
    def key(self) -> tuple[str, str]:
        """Name what was tried, whatever the attempt."""
        return self.scenario, self.surface

    def to_json(self) -> str:
        """Write as one line of JSON, which any file can hold: half a character, as a page may show, becomes a whole one that says so."""
        return HALVES.sub("\ufffd", json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")))


def from_json(line: str) -> Outcome:
    """Read a line that `Outcome.to_json` wrote; fields that a later version added are left out.

    Raises:
        ValueError: the line is not such a record.
    """
    raw = json.loads(line)
    if not isinstance(raw, dict):
        msg = f"an outcome is a JSON object, not {type(raw).__name__}"
        raise ValueError(msg)  # noqa: TRY004 -- bad data, not a bad call
    return from_object(raw)


def from_object(raw: Mapping[str, Any]) -> Outcome:
    """Read the object of such a line.

    Raises:
        ValueError: it is not such a record.
    """
    known = {f.name for f in fields(Outcome)}
    values: dict[str, Any] = {name: value for name, value in raw.items() if name in known}
    try:
        values["status"] = Status(values["status"])
        values["steps"] = tuple(Step(**step) for step in values.get("steps", ()))
        values["requests"] = tuple(Request(**request) for request in values.get("requests", ()))
        for name in ("states", "slow", "console", "left_behind"):
            values[name] = tuple(values.get(name, ()))
        return Outcome(**values)
    except (KeyError, TypeError) as cause:
        msg = f"not an outcome: {cause}"
        raise ValueError(msg) from cause


def read(path: Path) -> Iterator[Outcome]:
    """Yield the outcomes of a run's ``outcomes.jsonl``. A torn line (its writer was killed) is passed over: absent is never a pass."""
    if not path.exists():
        return
    *lines, torn = path.read_text(encoding="utf-8", errors="replace").split("\n")  # not splitlines: text of the target may hold other line ends
    del torn
    for line in lines:
        with contextlib.suppress(ValueError):
            yield from_json(line)


STUMBLES = frozenset({Status.FAILED, Status.ERROR, Status.INCOMPLETE, Status.BLOCKED})
"""After one of these, passing on the confirming attempt is not the same as passing."""


def final(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Return one outcome for each scenario and surface: the last attempt's, `degraded` where it passed only after a first attempt that did not."""
    latest: dict[tuple[str, str], Outcome] = {}
    stumbled: set[tuple[str, str]] = set()
    for outcome in sorted(outcomes, key=lambda each: each.attempt):
        latest[outcome.key] = outcome
        if outcome.status in STUMBLES:
            stumbled.add(outcome.key)
    return [
        Outcome(**{**_shallow(outcome), "status": Status.DEGRADED}) if outcome.status is Status.PASSED and outcome.key in stumbled else outcome
        for outcome in latest.values()
    ]


def _shallow(outcome: Outcome) -> dict[str, Any]:
    return {f.name: getattr(outcome, f.name) for f in fields(Outcome)}
