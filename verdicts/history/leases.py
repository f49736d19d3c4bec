"""Leases: of several runners one judges, and one that lost its lease without noticing cannot write.

A lease has a term, and a fence: a number that grows with every term. Who writes asks `held` in the same transaction: from then until that transaction ends
nobody else can take the lease, so that what is written under one fence is all written before anything under a later one
(https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html).
"""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from verdicts.history.schema import LEASES
from verdicts.history.upsert import insert

ABSURD = 10.0
"""A lease that ends further ahead than so many terms was taken by a clock that went wrong: it binds nobody."""


def take(tx: Connection, name: str, holder: str, now: float, seconds: float) -> int | None:
    """Take a lease for `seconds`, or renew the term of one that is held already; return its fence, None while another holder has it.

    `holder` must name one process, not a host. A term that has run out begins anew with a fence of its own, for its former holder too.
    """
    tx.execute(insert(tx, LEASES).values(name=name, holder="", fence=0, expires=now).on_conflict_do_nothing(index_elements=[LEASES.c.name]))
    lease = tx.execute(select(LEASES).where(LEASES.c.name == name).with_for_update()).mappings().one()
    runs = now < lease["expires"] <= now + ABSURD * seconds
    if runs and lease["holder"] != holder:
        return None
    fence = int(lease["fence"]) + (not runs)
    tx.execute(update(LEASES).where(LEASES.c.name == name).values(holder=holder, fence=fence, expires=now + seconds))
    return fence


def held(tx: Connection, name: str, fence: int, now: float) -> bool:
    """Tell whether the term of this fence still runs, and keep it from being taken by others until the transaction ends."""
    lease = tx.execute(select(LEASES).where(LEASES.c.name == name).with_for_update(read=True)).mappings().one_or_none()
    return lease is not None and lease["fence"] == fence and now < lease["expires"]


def release(tx: Connection, name: str, fence: int, now: float) -> None:
    """End the term of this fence, so that nobody has to wait for its end. The fence is not forgotten: the next one is greater."""
    tx.execute(update(LEASES).where(LEASES.c.name == name, LEASES.c.fence == fence, LEASES.c.expires > now).values(expires=now))


def holders(tx: Connection, now: float) -> dict[str, tuple[str, int]]:
    """Return who holds a lease whose term runs, and its fence, by the lease's name."""
    rows = tx.execute(select(LEASES).where(LEASES.c.expires > now)).mappings()
    return {row["name"]: (row["holder"], row["fence"]) for row in rows}
