"""Facts that have one value, such as when the heartbeat was last sent."""

from __future__ import annotations

from sqlalchemy import Connection, select

from verdicts.history import inert
from verdicts.history.schema import NOTES
from verdicts.history.upsert import insert


def get(tx: Connection, name: str) -> str | None:
    """Return the value of a fact, None where it has none."""
    return tx.execute(select(NOTES.c.value).where(NOTES.c.name == name)).scalar_one_or_none()


def at(tx: Connection, name: str) -> float | None:
    """Return when a fact got its value, None where it has none."""
    return tx.execute(select(NOTES.c.at).where(NOTES.c.name == name)).scalar_one_or_none()


def put(tx: Connection, name: str, value: str, now: float) -> None:
    """Give a fact its value."""
    values = {"value": inert.text(value), "at": now}
    tx.execute(insert(tx, NOTES).values(name=name, **values).on_conflict_do_update(index_elements=[NOTES.c.name], set_=values))
