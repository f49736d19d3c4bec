"""The state of a session: what its events tell, and nothing else. Whoever reads the record anew comes to the same state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from launch.reading import BadInput
from rehearsal.tabletop.clock import Clock
from rehearsal.tabletop.deck import Card, Stage
from rehearsal.tabletop.record import Event
from rehearsal.tabletop.seal import Sealed, commitment, written

SPOKEN = ("note", "said", "answer", "ask", "decide", "change", "well", "rate")
"""The kinds of events that somebody typed, and that can be struck."""


@dataclass
class Shown:
    """A card that was opened. `stages` of it were shown; `begun` is what the clock showed then, `left` when the next one came (None while it lies open)."""

    number: int
    card: Card
    salt: str
    fits: bool
    begun: float
    stages: int = 0
    left: float | None = None
    skipped: str | None = None

    @property
    def story(self) -> tuple[Stage, ...]:
        """Return the follow-ups that were shown."""
        return self.card.stages[: self.stages]


@dataclass(frozen=True)
class Entry:
    """A line of the time line: its event, what the clock showed, and the number of the card that lay open (0 before the first)."""

    event: Event
    clock: float
    card: int
    struck: str | None = None

    @property
    def kind(self) -> str:
        """Return its kind."""
        return self.event.kind

    @property
    def text(self) -> str:
        """Return what was typed."""
        return str(self.event.facts.get("text", ""))

    def fact(self, name: str) -> str:
        """Return something else that it says; nothing where it does not."""
        return str(self.event.facts.get(name, ""))


@dataclass
class Session:
    """A session. Times are seconds since the epoch, what a clock shows is in seconds; `minutes` is how long a card is meant to take."""

    id: str
    title: str
    facilitator: str
    table: tuple[str, ...]
    target: str
    minutes: float
    seal: str
    sealed: tuple[Sealed, ...]
    opened: float
    last: float
    owners: Mapping[str, str] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    shown: list[Shown] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    events: int = 0
    paused: str | None = None
    """Why the clock stands; None while it runs or has not begun."""
    ended: float | None = None
    seed: str = ""
    """Told at the end: it opens every seal."""

    @property
    def open_card(self) -> Shown | None:
        """The card that lies open; at the end, the last one."""
        return self.shown[-1] if self.shown else None

    @property
    def left(self) -> int:
        """How many cards are sealed."""
        return len(self.sealed) - len(self.shown)

    @property
    def standing(self) -> list[Entry]:
        """The entries that were not struck."""
        return [each for each in self.entries if each.struck is None]

    def of(self, *kinds: str, card: int | None = None) -> list[Entry]:
        """Return the entries of these kinds that were not struck; with a card, those that were made while it lay open."""
        return [each for each in self.standing if each.kind in kinds and card in {None, each.card}]

    def entry(self, number: int) -> Entry | None:
        """Return the entry of an event, None where there is none."""
        return next((each for each in self.entries if each.event.number == number), None)

    def covered(self, card: int) -> dict[str, str]:
        """Say of each question how the room did on a card: ``answered``, ``asked`` (they would have to ask somebody) or ``open``."""
        asked = {each.fact("question") for each in self.of("ask", card=card)}
        answered = {each.fact("question") for each in self.of("answer", card=card)}
        names = self.shown[card - 1].card.asks
        return {name: "asked" if name in asked else "answered" if name in answered else "open" for name in names}

    def rated(self, card: int) -> Entry | None:
        """Return the last grade that a card got."""
        return next(iter(reversed(self.of("rate", card=card))), None)

    def apply(self, event: Event) -> None:
        """Take in what happened."""
        before = self.last
        at = self.last = max(before, event.at)
        self.events = event.number
        facts = event.facts
        match event.kind:
            case "card":
                self._begin(at)
                if self.open_card:
                    self.open_card.left = self.clock.at(at)
                    self.open_card.skipped = facts.get("skipped")
                self.shown.append(self._opened(facts))
            case "stage":
                self._begin(at)
                if self.open_card:
                    self.open_card.stages += 1
            case "pause":
                self.clock, self.paused = self.clock.stopped(at), str(facts.get("text") or "a break")
            case "go":
                self._begin(at)
            case "resume" if self.clock.runs:  # the process had ended: the clock stood from the last event until somebody came back
                self.clock = self.clock.stopped(before).started(at)
            case "strike":
                self._strike(int(facts["of"]), str(facts.get("text", "")))
            case "end":
                self.clock, self.ended, self.paused = self.clock.stopped(at), at, None
                self.seed = str(facts.get("seed", ""))
                if self.open_card:
                    self.open_card.left = self.clock.at(at)
            case _:
                pass
        self.entries.append(Entry(event, self.clock.at(at), len(self.shown)))

    def _begin(self, at: float) -> None:
        self.clock, self.paused = self.clock.started(at), None

    def _opened(self, facts: Mapping[str, Any]) -> Shown:
        card, salt = card_of(facts["card"]), str(facts["salt"])
        at = len(self.shown)
        fits = at < len(self.sealed) and commitment(salt, written(card)) == self.sealed[at].commitment
        return Shown(at + 1, card, salt, fits, begun=self.clock.at(self.last))

    def _strike(self, number: int, why: str) -> None:
        self.entries = [Entry(each.event, each.clock, each.card, why) if each.event.number == number else each for each in self.entries]


def card_of(raw: Mapping[str, Any]) -> Card:
    """Make a card of what a record holds."""
    stages = tuple(Stage(int(each["after"]), str(each["text"])) for each in raw["stages"])
    return Card(**{**raw, "stages": stages, "questions": tuple(raw["questions"])})


def told(events: Iterable[Event], record: object = "the record") -> Session:
    """Return the state that a record tells; `record` names it in an error.

    Raises:
        BadInput: it does not begin as a session does, or an event does not say what its kind says.
    """
    first, *rest = events
    facts = first.facts
    try:
        session = Session(
            id=str(facts["id"]),
            title=str(facts["title"]),
            facilitator=str(facts["facilitator"]),
            table=tuple(map(str, facts["table"])),
            target=str(facts["target"]),
            minutes=float(facts["minutes"]),
            seal=str(facts["seal"]),
            sealed=tuple(Sealed(**each) for each in facts["sealed"]),
            owners={str(name): str(title) for name, title in facts["owners"].items()},
            opened=first.at,
            last=first.at,
        )
        session.apply(first)
        for event in rest:
            session.apply(event)
    except (KeyError, TypeError, ValueError, AttributeError) as cause:
        raise BadInput(
            f"{record}: saw an event that does not say what it should ({cause!r}); allowed is what `synthetics tabletop` wrote; bring it back"
        ) from cause
    return session
