"""Alerts as the history keeps them. Every function works inside a transaction that the caller began; `now` is in seconds since the epoch."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from verdicts.history.schema import ALERTS
from verdicts.view import Change, Standing

Leg = Mapping[str, Any]
"""One way in which an alert is told: ``{"channel": name, "settings": {...}}``, the channel's table as it was when the alert opened."""


@dataclass(frozen=True)
class Alert:
    """One opening of an alert, with all that is known of it. Times are seconds since the epoch (UTC)."""

    id: int
    key: str
    number: int
    target: str
    scenario: str
    failure: str
    title: str
    owner: str
    severity: str
    risk: str
    runbook: str
    state: str
    opened: float
    since: float
    seen: float
    closed: float | None
    opened_by: str
    closed_by: str | None
    why: str
    closed_why: str | None
    runs: int
    surfaces: tuple[str, ...]
    locations: tuple[str, ...]
    error: str
    states: tuple[str, ...]
    trace_id: str
    evidence: str
    acknowledged: float | None
    acknowledged_by: str | None
    level: int
    flapping: bool
    route: tuple[Leg, ...]
    drill: bool

    @property
    def incident(self) -> str:
        """Name this one opening."""
        return f"{self.key}-{self.number}"

    @property
    def standing(self) -> Standing:
        """Return it as judgement sees it."""
        return Standing(
            id=self.id,
            key=self.key,
            scenario=self.scenario,
            failure=self.failure,
            severity=self.severity,
            owner=self.owner,
            opened=self.opened,
            since=self.since,
            seen=self.seen,
            runs=self.runs,
            surfaces=self.surfaces,
            locations=self.locations,
            closed=self.closed,
            acknowledged=self.acknowledged,
            flapping=self.flapping,
            number=self.number,
        )


LISTS = ("surfaces", "locations", "states", "route")


def _alert(row: Row[Any]) -> Alert:
    values: dict[str, Any] = dict(row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name for it
    return Alert(**{**values, **{name: tuple(json.loads(values[name])) for name in LISTS}})


def find(tx: Connection, alert: int) -> Alert | None:
    """Return an alert by its id, None where there is none."""
    row = tx.execute(select(ALERTS).where(ALERTS.c.id == alert)).one_or_none()
    return _alert(row) if row else None


def still_open(tx: Connection, target: str | None = None) -> list[Alert]:
    """Return the open alerts, of one target or of all, oldest first."""
    wanted = select(ALERTS).where(ALERTS.c.state == "open").order_by(ALERTS.c.opened, ALERTS.c.id)
    return [_alert(row) for row in tx.execute(wanted if target is None else wanted.where(ALERTS.c.target == target))]


def closed_since(tx: Connection, since: float, target: str | None = None) -> list[Alert]:
    """Return the alerts that closed at `since` or later, oldest first."""
    wanted = select(ALERTS).where(ALERTS.c.state == "closed", ALERTS.c.closed >= since).order_by(ALERTS.c.closed, ALERTS.c.id)
    return [_alert(row) for row in tx.execute(wanted if target is None else wanted.where(ALERTS.c.target == target))]


def begin(tx: Connection, target: str, change: Change, *, now: float, route: Iterable[Leg], drill: bool) -> Alert:
    """Write down that an alert opens. One key has one open alert at a time: the table refuses a second."""
    before = tx.execute(select(func.max(ALERTS.c.number)).where(ALERTS.c.key == change.key)).scalar()
    values = {
        "key": change.key,
        "number": (before or 0) + 1,
        "target": target,
        "scenario": change.scenario,
        "failure": change.failure,
        "title": change.title,
        "owner": change.owner,
        "severity": change.severity,
        "risk": change.risk,
        "runbook": change.runbook,
        "state": "open",
        "opened": now,
        "since": change.since or now,
        "seen": change.seen or now,
        "opened_by": change.run,
        "why": change.why,
        "runs": max(change.runs, 1),
        "surfaces": json.dumps(change.surfaces),
        "locations": json.dumps(change.locations),
        "error": change.error,
        "states": json.dumps(change.states),
        "trace_id": change.trace_id,
        "evidence": change.evidence,
        "route": json.dumps(list(route)),
        "drill": drill,
    }
    made = tx.execute(insert(ALERTS).values(values).returning(ALERTS.c.id)).scalar_one()
    return _there(tx, made)


def _there(tx: Connection, alert: int) -> Alert:
    return _alert(tx.execute(select(ALERTS).where(ALERTS.c.id == alert)).one())


def _set(tx: Connection, alert: int, **values: Any) -> Alert:
    packed = {name: json.dumps(list(value)) if name in LISTS else value for name, value in values.items()}
    tx.execute(update(ALERTS).where(ALERTS.c.id == alert).values(packed))
    return _there(tx, alert)


def see(tx: Connection, alert: int, change: Change) -> Alert:
    """Write down that it was seen broken again; what the latest attempt said takes the place of what an earlier one did."""
    latest = {"error": change.error, "states": change.states, "trace_id": change.trace_id, "evidence": change.evidence} if change.run else {}
    named = {"severity": change.severity, "surfaces": change.surfaces, "locations": change.locations, "runs": change.runs, "seen": change.seen}
    return _set(tx, alert, **{name: value for name, value in {**named, **latest}.items() if value})


def flap(tx: Connection, alert: int) -> Alert:
    """Write down that it flaps, and is held open."""
    return _set(tx, alert, flapping=True)


def close(tx: Connection, alert: int, *, now: float, run: str, why: str) -> Alert:
    """Write down that it closed."""
    return _set(tx, alert, state="closed", closed=now, closed_by=run, closed_why=why)


def acknowledge(tx: Connection, alert: int, *, by: str, now: float) -> Alert:
    """Write down that somebody has taken it."""
    return _set(tx, alert, acknowledged=now, acknowledged_by=by)


def escalate(tx: Connection, alert: int, *, level: int, route: Iterable[Leg]) -> Alert:
    """Write down how far it has gone up, and who is told of it now."""
    return _set(tx, alert, level=level, route=route)


def reroute(tx: Connection, alert: int, route: Iterable[Leg]) -> Alert:
    """Write down who is told of it now."""
    return _set(tx, alert, route=route)
