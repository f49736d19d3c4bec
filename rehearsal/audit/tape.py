"""A recorded attempt as the audit reads it: its questions, the answers to each, and what the driver read of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

MADE = re.compile(r"(?=.*\d)[\w.~@%-]{6,}|[0-9a-f-]{6,}|\d+")
"""A part of an address that was made for one thing: an id, a name with digits in it."""

REFUSED, BROKEN = 400, 500
"""The statuses from which an answer is a refusal, and from which it is none any more."""


@dataclass(frozen=True)
class Event:
    """Something that was heard: `number` is its place on the tape, `key` the question. `mine` says that the promise was tried then, and nothing arranged."""

    number: int
    kind: str
    key: str
    mine: bool
    acts: bool
    request: str
    heard: dict[str, Any]
    read: frozenset[str] | None

    @property
    def status(self) -> int:
        """The status of an answer, 0 where it is none."""
        return int(self.heard.get("status", 0)) if self.kind == "http" else 0

    @property
    def body(self) -> Any:
        """The answer's JSON; None where it is none, or empty."""
        text = self.heard.get("text", self.heard.get("message", ""))
        if not isinstance(text, str) or not text.lstrip().startswith(("{", "[")):
            return None
        try:
            return json.loads(text)
        except ValueError:
            return None


@dataclass(frozen=True)
class Question:
    """What was asked once, or again and again before anything was done: its events."""

    events: tuple[Event, ...]

    @property
    def first(self) -> Event:
        """Its first answer."""
        return self.events[0]


@dataclass
class Tape:
    """One attempt: `scenario` is its id, `events` what was heard."""

    nodeid: str
    scenario: str
    surface: str
    title: str
    owner: str
    severity: str
    journey: str
    status: str
    error: str
    events: list[Event] = field(default_factory=list)

    def questions(self) -> list[Question]:
        """Return what was asked while the promise was tried: an act by itself, looks of one kind between two acts together."""
        found: list[list[Event]] = []
        looks: dict[str, list[Event]] = {}
        for event in self.events:
            if event.acts or event.kind == "hear":
                looks = {} if event.acts else looks
                if event.mine:
                    found.append([event])
            elif event.mine:
                if event.key not in looks:
                    looks[event.key] = []
                    found.append(looks[event.key])
                looks[event.key].append(event)
        return [Question(tuple(events)) for events in found]

    def before(self, event: Event) -> Event | None:
        """Return the last event of the same question before one."""
        return next((each for each in reversed(self.events[: event.number]) if each.key == event.key and each.kind == event.kind), None)

    def after(self, event: Event) -> list[Event]:
        """Return the events of the same question from one on."""
        return [each for each in self.events[event.number :] if each.key == event.key and each.kind == event.kind]


def load(raw: dict[str, Any], read: dict[str, list[str]]) -> Tape:
    """Read what `fixtures.replay` has written: a tape, and by event what was read of it."""
    about = raw["about"]
    kept = ("scenario", "surface", "title", "owner", "severity", "journey")
    tape = Tape(nodeid=raw["nodeid"], status=raw["status"], error=raw["error"], **{name: about[name] for name in kept})
    for number, each in enumerate(raw["events"]):
        acts = each["kind"] in {"open", "say"} or (each["kind"] == "http" and each["method"] not in {"GET", "HEAD", "OPTIONS"})
        tape.events.append(
            Event(
                number=number,
                kind=each["kind"],
                key=each["key"],
                mine=each["phase"] == "call" and not each["arranging"],
                acts=acts,
                request=request_of(each),
                heard=each["heard"],
                read=frozenset(read[str(number)]) if str(number) in read else None,
            )
        )
    return tape


def request_of(raw: dict[str, Any]) -> str:
    """Name a question without what was made for one attempt: ``GET /api/v1/projects/{}``."""
    if raw["kind"] == "mail":
        return "mail"
    at = urlsplit(raw["url"])
    path = "/".join("{}" if MADE.fullmatch(part) and not re.fullmatch(r"v\d+", part) else part for part in at.path.split("/"))
    query = "&".join(f"{name}={{}}" for name, _ in parse_qsl(at.query))
    return " ".join(filter(None, (raw["method"] or raw["kind"], path + (f"?{query}" if query else ""))))


def places(body: Any, at: str = "") -> Iterator[str]:
    """Yield the place of every field of a JSON value, lists as one: ``items[].owner.email``."""
    if isinstance(body, dict):
        for name, value in body.items():
            yield f"{at}{name}"
            yield from places(value, f"{at}{name}" + ("" if isinstance(value, list) else "."))
    elif isinstance(body, list):
        for each in body:
            yield from places(each, f"{at}[].")


def holders(body: Any, place: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield the objects that hold the field at a place, and its name in them."""
    *way, name = place.split(".")
    held = [body]
    for part in way:
        inner = part.removesuffix("[]")
        found = [each[inner] for each in held if isinstance(each, dict) and inner in each] if inner else held
        held = [each for several in found for each in (several if isinstance(several, list) else [])] if part.endswith("[]") else found
    for each in held:
        if isinstance(each, dict) and name in each:
            yield each, name
