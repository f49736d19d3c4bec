"""What an owner is told: one message about one alert, whatever channel carries it.

Every text in it may come from the target, and is inert nowhere by itself: each channel escapes it in its own way.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """Why somebody is told."""

    TRIGGER = "trigger"
    """A promise is broken: the alert opened."""
    UPDATE = "update"
    """The alert is still open, and something about it changed (another location, worse severity)."""
    ESCALATE = "escalate"
    """The alert is old and nobody acknowledged it: the next in line is told."""
    ACKNOWLEDGE = "acknowledge"
    """Somebody has taken it."""
    NOTICE = "notice"
    """The alert flaps; it is held open, and this is said once."""
    RESOLVE = "resolve"
    """The promise is kept again: the alert closed."""
    REFRESH = "refresh"
    """Nothing new; the receiver forgets what is not repeated (Alertmanager)."""
    CHANGE = "change"
    """A mark beside the alerts: a deploy was seen, a rehearsal began or ended."""
    TEST = "test"
    """A test page, marked as such."""


@dataclass(frozen=True)
class Message:
    """One message. Times are seconds since the epoch (UTC); an empty string or 0 means unknown.

    `key` is the deduplication key, the same for every opening of this alert; `incident` is one opening's own (``<key>-<number>``).
    `title` is the promise in words, `why` the reason to notify (what confirmed it, what closed it), `runs` how many runs saw it broken,
    `since` when it was first seen broken, `states` the path of states of the attempt that decided, `cadence` seconds between two scheduled runs.
    `runbook`, `evidence` and `dashboard` are links, or paths where nothing better is known.
    """

    kind: Kind
    key: str
    incident: str
    title: str
    target: str
    scenario: str
    failure: str
    severity: str
    owner: str
    owner_name: str = ""
    at: float = 0.0
    since: float = 0.0
    ended: float = 0.0
    runs: int = 0
    why: str = ""
    error: str = ""
    states: tuple[str, ...] = ()
    surfaces: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    risk: str = ""
    runbook: str = ""
    evidence: str = ""
    dashboard: str = ""
    trace_id: str = ""
    run: str = ""
    version: str = ""
    cadence: float = 300.0
    drill: bool = False

    @property
    def headline(self) -> str:
        """Say all of it in one line: what is marked as a drill or a test begins with that."""
        mark = "[TEST] " if self.kind is Kind.TEST else "[DRILL] " if self.drill else ""
        word = {Kind.RESOLVE: "Kept again", Kind.ACKNOWLEDGE: "Taken", Kind.NOTICE: "Flapping", Kind.ESCALATE: "Still broken", Kind.CHANGE: "Change"}
        state = word.get(self.kind, "Broken" if self.kind is not Kind.TEST else "Test page")
        return f"{mark}{state}: {self.title} ({self.scenario} on {self.target})"

    def to_json(self) -> str:
        """Write as one JSON object, as the outbox keeps it: in ASCII, so that no text of a target is too odd for a store (NUL, lone surrogates)."""
        return json.dumps(asdict(self), separators=(",", ":"))


def from_json(text: str) -> Message:
    """Read what `Message.to_json` wrote; fields of a later version are left out.

    Raises:
        ValueError: it is no message.
    """
    raw = json.loads(text)
    known = {each.name for each in fields(Message)}
    try:
        values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items() if name in known}
        return Message(**{**values, "kind": Kind(values["kind"])})
    except (AttributeError, KeyError, TypeError, ValueError) as cause:
        msg = f"not a message: {cause}"
        raise ValueError(msg) from cause
