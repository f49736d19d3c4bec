"""A table to play at: the launch package of the checkout, a record in a folder, and a clock that the test sets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from launch import package
from rehearsal.tabletop import seal
from rehearsal.tabletop.command import parse
from rehearsal.tabletop.deck import deal
from rehearsal.tabletop.play import Play
from rehearsal.tabletop.record import NAME, Event, writing
from rehearsal.tabletop.session import Session, told

NOON = 1_800_000_000.0
LAUNCH = package.load(package.FOLDER)


@dataclass
class At:
    """The time, as the test sets it."""

    now: float = NOON

    def __call__(self) -> float:
        return self.now


@dataclass
class Seat:
    """The facilitator's seat."""

    play: Play
    at: At
    record: Path
    said: list[Event | None] = field(default_factory=list)

    @property
    def session(self) -> Session:
        return self.play.session

    def type(self, *lines: str, after: float = 0.0) -> Event | None:
        """Type lines, each so many seconds after the one before it, and return the last one's event."""
        for line in lines:
            self.at.now += after
            self.said.append(self.play.obey(parse(line)))
        return self.said[-1] if self.said else None


def first(cards: int = 2, seed: str = "s", **more: object) -> Event:
    """Return the event with which a session opens."""
    dealt = deal(LAUNCH, package.FOLDER, seed=seed, count=cards, only=("data-leak", "mail-does-not-arrive", "quota-bypassed"))
    sealed = [seal.close(card, seed, position) for position, card in enumerate(dealt, 1)]
    facts = {
        "version": 1,
        "id": "try",
        "title": "A try",
        "facilitator": "lead",
        "table": ["support"],
        "target": "embedded",
        "minutes": 10,
        "seal": seal.of_deck([each.commitment for each in sealed]),
        "owners": {},
        "sealed": [asdict(each) for each in sealed],
    }
    return Event(1, NOON, "open", {**facts, **more})


@contextmanager
def seated(folder: Path, cards: int = 2, seed: str = "s", **more: object) -> Iterator[Seat]:
    """Begin a session."""
    at, record = At(), folder / "try" / NAME
    with writing(record, new=True) as writer:
        opening = first(cards, seed, **more)
        writer.append(opening)
        yield Seat(Play(told([opening]), writer, LAUNCH, at, seed), at, record)
