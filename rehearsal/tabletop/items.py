"""What has to live longer than one session: knowledge that only somebody has, and changes of the plan. They stand in git, in ``launch/tabletop/items.toml``.

In git and not in the history of runs: there they are reviewed and merged like the runbooks that they change, they survive a lost history, and a merge request
shows who closed what. The file is only ever appended to, so that what people wrote into it stays; an item is closed by a second table of its id.
"""

from __future__ import annotations

import fcntl
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import tomli_w

from launch.reading import BadInput, Table
from rehearsal.tabletop.session import Session

FILE = "tabletop/items.toml"
"""Below the launch package."""

HEAD = """\
# What came out of tabletop sessions and is to be done. `synthetics tabletop` appends to this file; review it like code.
# [change.ID] is a change of the plan: only the proof of a later rehearsal of its risk closes it.
# [knowledge.ID] is what only somebody knows: it is closed once it is written where whoever is on call looks.
# [closed.ID] says by what an item was closed. `synthetics tabletop open` lists what is left, `synthetics tabletop close ID` closes.
"""


@dataclass(frozen=True)
class Closing:
    """By whom an item was closed, when, and what proves it.

    Of a change: the `rehearsal`, its fault, target and the build that it broke. Of knowledge: the file below ``launch/`` where it is `written`, and its words.
    """

    at: float
    by: str
    rehearsal: str = ""
    fault: str = ""
    target: str = ""
    build: str = ""
    written: str = ""
    words: str = ""


@dataclass(frozen=True)
class Change:
    """A change of the plan. `due` is a date in ISO 8601, or nothing; `target` the target for which the session was held, or nothing."""

    id: str
    session: str
    at: float
    text: str
    risk: str
    owner: str
    due: str = ""
    target: str = ""
    closed: Closing | None = None


@dataclass(frozen=True)
class Knowledge:
    """What the room would have had to ask someone. `who` knows it; nothing where the room did not know even that. `question` was being answered."""

    id: str
    session: str
    at: float
    text: str
    who: str = ""
    risk: str = ""
    question: str = ""
    closed: Closing | None = None


Item = Change | Knowledge


def tag(session: str) -> str:
    """Return what the ids of a session's items begin with: the random end of the id of a session that was not named."""
    found = re.fullmatch(r"\d{8}T\d{6}Z-([0-9a-f]+)", session)
    return found[1] if found else session


def of(session: Session) -> list[Item]:
    """Return what a session has to be done about, in the order in which it was said; what was struck is left out, and its number not given again."""
    found: list[Item] = []
    counts = {"change": 0, "ask": 0}
    for each in session.entries:
        if each.kind not in counts:
            continue
        counts[each.kind] += 1
        name = f"{tag(session.id)}-{'c' if each.kind == 'change' else 'k'}{counts[each.kind]}"
        if each.struck is not None:
            continue
        at = round(each.event.at)
        if each.kind == "change":
            found.append(Change(name, session.id, at, each.text, each.fact("risk"), each.fact("owner"), each.fact("due"), session.target))
        else:
            found.append(Knowledge(name, session.id, at, each.text, each.fact("who"), each.fact("risk"), each.fact("question")))
    return found


def load(path: Path) -> dict[str, Item]:
    """Return the items of a file by id; none where there is no such file.

    Raises:
        BadInput: an entry is wrong.
    """
    if not path.exists():
        return {}
    book = Table.load(path)
    closed = {name: _closing(entry) for name, entry in book.table("closed").tables()}
    items: dict[str, Item] = {}
    for name, entry in book.table("change").tables():
        items[name] = Change(
            id=name,
            session=entry.text("session"),
            at=_moment(entry, "since"),
            text=entry.text("text"),
            risk=entry.text("risk"),
            owner=entry.text("owner"),
            due=entry.text("due", ""),
            target=entry.text("target", ""),
            closed=closed.pop(name, None),
        )
        entry.done()
    for name, entry in book.table("knowledge").tables():
        items[name] = Knowledge(
            id=name,
            session=entry.text("session"),
            at=_moment(entry, "since"),
            text=entry.text("text"),
            who=entry.text("who", ""),
            risk=entry.text("risk", ""),
            question=entry.text("question", ""),
            closed=closed.pop(name, None),
        )
        entry.done()
    book.done()
    if closed:
        raise book.wrong("closed", next(iter(closed)), "the id of a [change] or [knowledge] of this file, closed once")
    return items


def file(path: Path, items: Iterable[Item]) -> list[Item]:
    """Write the items that the file does not have yet, and return them. Doing it twice is as doing it once.

    Raises:
        BadInput: the file is wrong or cannot be written, or has another session's item of the same id.
    """
    with _Turn(path) as turn:
        known = load(path)
        new = []
        for each in items:
            there = known.get(each.id)
            if there is not None and there.session != each.session:
                raise BadInput(f"{path}: {each.id}: saw an item of the session '{there.session}'; allowed is a session with another --id")
            if there is None:
                new.append(each)
        if new:
            turn.append("".join(_written(each) for each in new))
        return new


def close(path: Path, item: Item, closing: Closing) -> None:
    """Write down by what an item was closed.

    Raises:
        BadInput: it is closed already, or the file is wrong or cannot be written.
    """
    with _Turn(path) as turn:
        there = load(path).get(item.id)
        if there is None or there.closed:
            raise BadInput(f"{path}: saw '{item.id}', which is {'closed already' if there else 'not there'}; allowed is the id of an open item")
        facts = {name: value for name, value in vars(closing).items() if name != "at" and value}
        turn.append(tomli_w.dumps({"closed": {item.id: {"at": _iso(closing.at), **facts}}}))


def _written(item: Item) -> str:
    facts = {name: value for name, value in vars(item).items() if name not in {"id", "at", "closed"} and value}
    return tomli_w.dumps({"change" if isinstance(item, Change) else "knowledge": {item.id: {"since": _iso(item.at), **_plain(facts)}}})


def _plain(facts: dict[str, Any]) -> dict[str, str]:
    return {name: str(value).encode("utf-8", errors="replace").decode() for name, value in facts.items()}


def _iso(at: float) -> datetime:
    return datetime.fromtimestamp(round(at), UTC)


def _moment(entry: Table, key: str) -> float:
    at = entry.moment(key)
    if at is None:
        raise entry.wrong(key, None, "a time with its zone such as 2027-03-01T12:00:00Z")
    return at


def _closing(entry: Table) -> Closing:
    closing = Closing(
        at=_moment(entry, "at"),
        by=entry.text("by"),
        **{name: entry.text(name, "") for name in ("rehearsal", "fault", "target", "build", "written", "words")},
    )
    entry.done()
    return closing


class _Turn:
    """The turn of one writer: the file is replaced whole or not at all, and nobody else appends meanwhile."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle = -1

    def __enter__(self) -> Self:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._handle = os.open(self._path.parent, os.O_RDONLY)
            fcntl.flock(self._handle, fcntl.LOCK_EX)
        except OSError as cause:
            raise BadInput(f"{self._path}: cannot be written: {cause.strerror}") from cause
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)

    def append(self, text: str) -> None:
        """Append tables behind what is there."""
        try:
            before = self._path.read_text(encoding="utf-8") if self._path.exists() else HEAD
            with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=self._path.parent, prefix=".", suffix=".part", delete=False) as draft:
                draft.write(before + ("" if before.endswith("\n") else "\n") + "\n" + text.replace("\n[", "\n\n["))
                draft.flush()
                os.fsync(draft.fileno())
            Path(draft.name).chmod(0o644)
            Path(draft.name).replace(self._path)
        except OSError as cause:
            raise BadInput(
                f"{self._path}: cannot be written: {cause.strerror}; the items are in the record, and are filed by `synthetics tabletop report`"
            ) from cause
