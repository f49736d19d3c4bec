"""The outbox: messages that wait to be sent, written in the transaction that decided them. Sent first, then marked as sent: a crash between sends again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from verdicts.history.schema import OUTBOX

PENDING, SENT, DEAD, SUPERSEDED = "pending", "sent", "dead", "superseded"

LIFETIME = 86400.0
"""Seconds for which a message is tried."""


@dataclass(frozen=True)
class Letter:
    """One message to one channel. `message` is its JSON, `settings` the channel's table as it was, `thread` what the receiver gave to find it by."""

    id: int
    alert: int | None
    incident: str
    key: str
    channel: str
    settings: dict[str, Any]
    kind: str
    message: str
    created: float
    due: float
    expires: float
    state: str
    tries: int
    ambiguous: bool
    said: str
    thread: dict[str, str]
    settled: float | None


def _letter(row: Row[Any]) -> Letter:
    values = dict(row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name for it
    return Letter(**{**values, "settings": json.loads(values["settings"]), "thread": json.loads(values["thread"])})


def put(tx: Connection, *, alert: int | None, incident: str, key: str, channel: str, settings: Mapping[str, Any], kind: str, message: str, now: float) -> int:
    """Add a message, due at once."""
    values = {
        "alert": alert,
        "incident": incident,
        "key": key,
        "channel": channel,
        "settings": json.dumps(dict(settings), sort_keys=True),
        "kind": kind,
        "message": message,
        "created": now,
        "due": now,
        "expires": now + LIFETIME,
        "state": PENDING,
    }
    return int(tx.execute(insert(OUTBOX).values(values).returning(OUTBOX.c.id)).scalar_one())


def pending(tx: Connection) -> list[Letter]:
    """Return what is neither sent nor given up, in the order in which it was decided."""
    return [_letter(row) for row in tx.execute(select(OUTBOX).where(OUTBOX.c.state == PENDING).order_by(OUTBOX.c.id))]


def of_alert(tx: Connection, alert: int) -> list[Letter]:
    """Return every message of an alert, in order."""
    return [_letter(row) for row in tx.execute(select(OUTBOX).where(OUTBOX.c.alert == alert).order_by(OUTBOX.c.id))]


def dead_since(tx: Connection, since: float) -> list[Letter]:
    """Return the dead letters of late."""
    return [_letter(row) for row in tx.execute(select(OUTBOX).where(OUTBOX.c.state == DEAD, OUTBOX.c.settled >= since).order_by(OUTBOX.c.id))]


def thread(tx: Connection, incident: str, channel: str) -> dict[str, str]:
    """Return what the receiver gave for this incident on this channel, the latest of it; empty where it gave nothing."""
    rows = tx.execute(select(OUTBOX.c.thread).where(OUTBOX.c.incident == incident, OUTBOX.c.channel == channel, OUTBOX.c.state == SENT).order_by(OUTBOX.c.id))
    found: dict[str, str] = {}
    for row in rows:
        found |= json.loads(row.thread)
    return found


def sent(tx: Connection, letter: int, *, now: float, said: str, thread: Mapping[str, str]) -> bool:
    """Mark a message as sent; False where another has settled it meanwhile."""
    return _settle(tx, [letter], SENT, now, said, thread=json.dumps(dict(thread)))


def dead(tx: Connection, letter: int, *, now: float, said: str) -> bool:
    """Mark a message as one that will not be delivered."""
    return _settle(tx, [letter], DEAD, now, said)


def supersede(tx: Connection, letters: Iterable[int], *, now: float, said: str) -> bool:
    """Mark messages as overtaken by a later one."""
    return _settle(tx, list(letters), SUPERSEDED, now, said)


def _settle(tx: Connection, letters: list[int], state: str, now: float, said: str, **more: str) -> bool:
    done = tx.execute(
        update(OUTBOX)
        .where(OUTBOX.c.id.in_(letters), OUTBOX.c.state == PENDING)
        .values(state=state, settled=now, said=said, tries=OUTBOX.c.tries + int(state == SENT), **more)
    )
    return bool(done.rowcount)


def later(tx: Connection, letter: int, *, due: float, said: str, ambiguous: bool) -> None:
    """Write down that a message could not be sent this time, and when to try again."""
    told = {"ambiguous": True} if ambiguous else {}
    tx.execute(update(OUTBOX).where(OUTBOX.c.id == letter, OUTBOX.c.state == PENDING).values(due=due, said=said, tries=OUTBOX.c.tries + 1, **told))


def last_settled(tx: Connection, incident: str, channel: str) -> float | None:
    """Return when something of this incident was last sent on this channel."""
    return tx.execute(select(func.max(OUTBOX.c.settled)).where(OUTBOX.c.incident == incident, OUTBOX.c.channel == channel, OUTBOX.c.state == SENT)).scalar()


def named(tx: Connection, letters: Iterable[int]) -> list[Letter]:
    """Return these messages, in order."""
    return [_letter(row) for row in tx.execute(select(OUTBOX).where(OUTBOX.c.id.in_(list(letters))).order_by(OUTBOX.c.id))]
