"""What the history forgets. Open alerts, pending messages, what is not known to be gone, and proofs are never forgotten."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Select, and_, delete, func, or_, select

from verdicts.history.runs import AT
from verdicts.history.schema import ALERTS, LEDGER, OUTBOX, PAGES, QUARANTINES, RUNS, SILENCES
from verdicts.view import DEFAULT

LATEST = DEFAULT.runs_needed
"""So many latest runs of each target and location are kept whatever their age: judgement needs them."""


@dataclass(frozen=True)
class Pruned:
    """How many were forgotten: runs with their outcomes, closed alerts, settled messages, things that are gone; and the size in bytes that is left."""

    runs: int = 0
    alerts: int = 0
    messages: int = 0
    things: int = 0
    bytes: int = 0


def forget_old(tx: Connection, before: float) -> Pruned:
    """Forget what ended before a time."""
    runs = tx.execute(delete(RUNS).where(RUNS.c.id.in_(_expendable().where(before > AT)))).rowcount
    still_open = select(ALERTS.c.id).where(ALERTS.c.state == "open")
    settled = and_(OUTBOX.c.state != "pending", func.coalesce(OUTBOX.c.settled, OUTBOX.c.created) < before)
    finished = or_(OUTBOX.c.alert.is_(None), OUTBOX.c.alert.not_in(still_open))  # an open alert's end is told in the thread of its beginning
    messages = tx.execute(delete(OUTBOX).where(settled, finished)).rowcount
    told = select(OUTBOX.c.alert).where(OUTBOX.c.alert.is_not(None))
    alerts = tx.execute(delete(ALERTS).where(ALERTS.c.state == "closed", ALERTS.c.closed < before, ALERTS.c.id.not_in(told))).rowcount
    things = tx.execute(delete(LEDGER).where(LEDGER.c.state == "gone", LEDGER.c.at < before)).rowcount
    tx.execute(delete(SILENCES).where(SILENCES.c.ends < before))
    tx.execute(delete(QUARANTINES).where(func.coalesce(QUARANTINES.c.ended, QUARANTINES.c.expires) < before))
    tx.execute(delete(PAGES).where(PAGES.c.sent < before))
    return Pruned(runs=runs, alerts=alerts, messages=messages, things=things)


def forget_oldest(tx: Connection, share: float) -> Pruned:
    """Forget a share of the runs that may go, the oldest first and one at least, with what they made that is gone."""
    count = tx.execute(select(func.count()).select_from(_expendable().subquery())).scalar_one()
    ids = list(tx.execute(_expendable().order_by(AT, RUNS.c.id).limit(max(1, round(count * share)))).scalars())
    things = tx.execute(delete(LEDGER).where(LEDGER.c.run.in_(ids), LEDGER.c.state == "gone")).rowcount
    runs = tx.execute(delete(RUNS).where(RUNS.c.id.in_(ids))).rowcount
    return Pruned(runs=runs, things=things)


def _expendable() -> Select[tuple[str]]:
    """Choose the ids of runs that may go."""
    rank = func.row_number().over(partition_by=(RUNS.c.target, RUNS.c.location), order_by=(AT.desc(), RUNS.c.id.desc()))
    ranked = select(RUNS.c.id, rank.label("rank")).subquery()
    return select(RUNS.c.id).join(ranked, ranked.c.id == RUNS.c.id).where(RUNS.c.state != "running", ranked.c.rank > LATEST)
