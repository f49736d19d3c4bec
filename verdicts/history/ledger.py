"""What runs made in a product, and what became of it: the janitor removes what is left, wherever the run was."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from verdicts.history.schema import LEDGER, RUNS


@dataclass(frozen=True)
class Thing:
    """One thing that a run made, or was about to make. `state` is intended, made or gone, since `at`; `product_id` the product's own id, once known."""

    run: str
    key: str
    target: str
    kind: str
    name: str
    product_id: str | None
    state: str
    at: float
    nodeid: str


def left(tx: Connection, target: str, now: float, age: float) -> tuple[Thing, ...]:
    """Return what is not known to be gone from a target and is older than `age` seconds, the oldest first; what a run that still runs has made is not left."""
    running = select(RUNS.c.id).where(RUNS.c.state == "running")
    old = select(LEDGER).where(LEDGER.c.target == target, LEDGER.c.state != "gone", LEDGER.c.at < now - age, LEDGER.c.run.not_in(running))
    return tuple(Thing(**row) for row in tx.execute(old.order_by(LEDGER.c.at, LEDGER.c.run, LEDGER.c.key)).mappings())


def settle(tx: Connection, target: str, now: float) -> int:
    """Write down as gone what hung on accounts that are gone, where all of a run's accounts are; return how many things that were."""
    accounts = select(LEDGER.c.run).where(LEDGER.c.target == target, LEDGER.c.kind == "account")
    there = accounts.where(LEDGER.c.state != "gone")
    hanging = (LEDGER.c.target == target, LEDGER.c.kind != "account", LEDGER.c.state != "gone", LEDGER.c.run.in_(accounts), LEDGER.c.run.not_in(there))
    return tx.execute(update(LEDGER).where(*hanging).values(state="gone", at=now)).rowcount


def mark_gone(tx: Connection, run: str, key: str, now: float) -> bool:
    """Write down that the absence of a thing was seen; tell whether that was news."""
    there = (LEDGER.c.run == run, LEDGER.c.key == key, LEDGER.c.state != "gone")
    return bool(tx.execute(update(LEDGER).where(*there).values(state="gone", at=now)).rowcount)
