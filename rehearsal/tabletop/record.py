"""The record: one line of JSON for each event, appended and on the disk before the next prompt. Nothing in it is ever changed; what was wrong is struck.

Events are numbered without a gap, so that a missing line is seen. What a killed writer tore is passed over: its event was never confirmed to anybody.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from launch.reading import BadInput

NAME = "record.jsonl"


@dataclass(frozen=True)
class Event:
    """Something that happened: its number, when (seconds since the epoch), of which kind, and what there is to say of it."""

    number: int
    at: float
    kind: str
    facts: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return its line."""
        return json.dumps({"n": self.number, "at": round(self.at, 3), "kind": self.kind, **self.facts}, ensure_ascii=False)


def read(path: Path) -> list[Event]:
    """Return the events of a record.

    Raises:
        BadInput: there is no such record, it cannot be read, or lines are missing.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        raise BadInput(f"{path}: no such record") from None
    except OSError as cause:
        raise BadInput(f"{path}: cannot be read: {cause.strerror}") from cause
    events: list[Event] = []
    for number, line in enumerate(lines, 1):
        event = _event(line)
        if event is None:
            continue
        if event.number != len(events) + 1:
            raise BadInput(f"{path}: line {number}: saw event {event.number}; allowed is {len(events) + 1}: a line was lost or changed; bring the file back")
        events.append(event)
    if not events:
        raise BadInput(f"{path}: saw no event; allowed is the record of a session; start one with `synthetics tabletop start`")
    return events


def _event(line: bytes) -> Event | None:
    try:
        raw = json.loads(line)
        return Event(int(raw.pop("n")), float(raw.pop("at")), str(raw.pop("kind")), raw)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


class Writer:
    """Appends events to a record that nobody else writes meanwhile."""

    def __init__(self, handle: int, path: Path) -> None:
        self.path = path
        self._handle = handle

    def append(self, event: Event) -> None:
        """Write an event; when this returns it is on the disk. What a killed writer tore is ended first.

        Raises:
            BadInput: the disk does not take it; the event did not happen.
        """
        try:
            size = os.fstat(self._handle).st_size
            torn = b"\n" if size and os.pread(self._handle, 1, size - 1) != b"\n" else b""
            left = torn + event.to_json().encode("utf-8", errors="replace") + b"\n"
            while left:
                left = left[os.write(self._handle, left) :]
            os.fsync(self._handle)
        except OSError as cause:
            raise BadInput(f"{self.path}: cannot be written: {cause.strerror}; what was typed last is not recorded, everything before it is") from cause


@contextmanager
def writing(path: Path, *, new: bool) -> Iterator[Writer]:
    """Hold a record for writing; `new` makes it, with its folder.

    Raises:
        BadInput: it is there already, is not there, cannot be written, or somebody else holds it.
    """
    try:
        if new:
            path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_APPEND | (os.O_CREAT | os.O_EXCL if new else 0), 0o644)
    except FileExistsError:
        raise BadInput(f"{path}: saw a record; allowed is a session that was not held yet; choose another --id, or `synthetics tabletop resume`") from None
    except FileNotFoundError:
        raise BadInput(f"{path}: no such record") from None
    except OSError as cause:
        raise BadInput(f"{path}: cannot be written: {cause.strerror}") from cause
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise BadInput(f"{path}: somebody is in this session already; end that process first") from None
    try:
        yield Writer(handle, path)
    finally:
        os.close(handle)
