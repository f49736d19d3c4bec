"""Silences, maintenance windows and quarantines. Each has somebody who answers for it, a reason, and an end."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from launch.reading import BadInput
from verdicts.history.schema import QUARANTINES, SILENCES
from verdicts.view import Quarantine, Silence

KINDS = ("silence", "maintenance")


def silence(
    tx: Connection, *, target: str, scenario: str, owner: str, reason: str, now: float, ends: float, starts: float | None = None, kind: str = "silence"
) -> int:
    """Add a silence or a maintenance window from `starts` (without it, from now on) to `ends`, and return its id. `target` and `scenario` are patterns.

    Raises:
        BadInput: nobody answers for it, there is no reason, or it would end before it begins.
    """
    starts = now if starts is None else starts
    told(kind, target=target, scenario=scenario, owner=owner, reason=reason)
    if kind not in KINDS:
        raise BadInput(f"a window: kind: saw {kind!r}; allowed is one of {', '.join(KINDS)}")
    if not max(now, starts) < ends:
        raise BadInput(f"{kind}: ends: saw a time that is over, or before it starts; allowed is a later one")
    values = {"target": target, "scenario": scenario, "owner": owner, "reason": reason, "kind": kind, "created": now, "starts": starts, "ends": ends}
    return int(tx.execute(SILENCES.insert().values(values).returning(SILENCES.c.id)).scalar_one())


def silences(tx: Connection, now: float) -> tuple[Silence, ...]:
    """Return what is silent now or will be, the earliest end first."""
    rows = tx.execute(select(SILENCES).where(SILENCES.c.ends > now).order_by(SILENCES.c.ends, SILENCES.c.id)).mappings()
    names = ("id", "target", "scenario", "starts", "ends", "kind", "owner", "reason")
    return tuple(Silence(**{name: row[name] for name in names}) for row in rows)


def expire(tx: Connection, number: int, now: float) -> bool:
    """End a silence or maintenance window now; tell whether there was one to end."""
    return bool(tx.execute(update(SILENCES).where(SILENCES.c.id == number, SILENCES.c.ends > now).values(ends=now)).rowcount)


def quarantine(tx: Connection, *, target: str, scenario: str, owner: str, reason: str, issue: str, now: float, expires: float, clean_runs: int) -> int:
    """Put a scenario into quarantine until `expires`, or until it was clean `clean_runs` times in a row; return the quarantine's id. `target` is a pattern.

    Raises:
        BadInput: nobody answers for it, there is no reason or no link to an issue, it would be over at once, or the scenario is in quarantine already.
    """
    told("quarantine", target=target, scenario=scenario, owner=owner, reason=reason, issue=issue)
    if not issue.startswith(("https://", "http://")):
        raise BadInput(f"quarantine: issue: saw {issue!r}; allowed is a link, http:// or https://")
    if not now < expires:
        raise BadInput("quarantine: expires: saw a time that is over; allowed is a later one")
    if clean_runs < 1:
        raise BadInput(f"quarantine: clean_runs: saw {clean_runs}; allowed is 1 or more")
    for other in quarantines(tx, now):
        if (other.target, other.scenario) == (target, scenario):
            raise BadInput(f"quarantine: scenario: saw {scenario!r}, which is in quarantine on {target} already (number {other.id}); end that one first")
    values = {"target": target, "scenario": scenario, "owner": owner, "reason": reason, "issue": issue}
    adding = QUARANTINES.insert().values(**values, created=now, expires=expires, clean_runs=clean_runs)
    return int(tx.execute(adding.returning(QUARANTINES.c.id)).scalar_one())


def quarantines(tx: Connection, now: float) -> tuple[Quarantine, ...]:
    """Return what is in quarantine now, the earliest end first."""
    lasting = select(QUARANTINES).where(QUARANTINES.c.ended.is_(None), QUARANTINES.c.expires > now)
    names = ("id", "target", "scenario", "owner", "reason", "created", "expires", "clean_runs", "issue")
    rows = tx.execute(lasting.order_by(QUARANTINES.c.expires, QUARANTINES.c.id)).mappings()
    return tuple(Quarantine(**{name: row[name] for name in names}) for row in rows)


def end_quarantine(tx: Connection, number: int, now: float, why: str) -> bool:
    """End a quarantine now, and say why; tell whether there was one to end."""
    lasting = (QUARANTINES.c.id == number, QUARANTINES.c.ended.is_(None), QUARANTINES.c.expires > now)
    return bool(tx.execute(update(QUARANTINES).where(*lasting).values(ended=now, ended_why=why)).rowcount)


def told(what: str, **words: str) -> None:
    """Refuse what is left empty.

    Raises:
        BadInput: names the first one.
    """
    for name, word in words.items():
        if not word.strip():
            raise BadInput(f"{what}: {name}: saw nothing; allowed is a text that is not empty")
