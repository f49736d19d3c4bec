"""Test pages: sent to an owner with a code, and received when somebody gives the code back."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from verdicts.history.schema import PAGES


@dataclass(frozen=True)
class Page:
    """One test page. `received` is when, and `received_by` who; None until then."""

    code: str
    owner: str
    sent: float
    received: float | None = None
    received_by: str | None = None


def sent(tx: Connection, *, code: str, owner: str, now: float) -> None:
    """Write down that a test page went out."""
    tx.execute(PAGES.insert().values(code=code, owner=owner, sent=now))


def received(tx: Connection, *, code: str, by: str, now: float) -> Page | None:
    """Write down that a test page was received, the first time that is said; return it, None where no page has that code."""
    tx.execute(update(PAGES).where(PAGES.c.code == code, PAGES.c.received.is_(None)).values(received=now, received_by=by))
    row = tx.execute(select(PAGES).where(PAGES.c.code == code)).mappings().one_or_none()
    return None if row is None else Page(**row)


def pages(tx: Connection, owner: str | None = None) -> tuple[Page, ...]:
    """Return the test pages (of an owner), the latest first."""
    found = select(PAGES).order_by(PAGES.c.sent.desc(), PAGES.c.code)
    if owner is not None:
        found = found.where(PAGES.c.owner == owner)
    return tuple(Page(**row) for row in tx.execute(found).mappings())
