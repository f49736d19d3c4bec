"""The after-action report: what a launch team needs of a session.

The order is that of after-action reports elsewhere (HSEEP, NIST SP 800-84): what it was, what went well, what has to change and by whom, what only somebody
knows; then what happened, card by card and minute by minute. This is what it says; `markdown` and `page` write it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rehearsal.tabletop import items
from rehearsal.tabletop.clock import shown
from rehearsal.tabletop.deck import Stage
from rehearsal.tabletop.items import Change, Item, Knowledge
from rehearsal.tabletop.questions import RATINGS
from rehearsal.tabletop.seal import of_deck
from rehearsal.tabletop.session import Entry, Session, Shown
from reports.wording import dated, moment
from verdicts.wording import listed, span, times

STATES = {"answered": "the room knew", "asked": "would have to ask", "open": "not answered"}
NOBODY = "nobody in the room knew who"


@dataclass(frozen=True)
class Asked:
    """A question of a card: its number, its words, how the room did, and what was said to it."""

    number: int
    words: str
    state: str
    said: tuple[str, ...]


@dataclass(frozen=True)
class Played:
    """A card as it was played."""

    shown: Shown
    questions: tuple[Asked, ...]
    decisions: tuple[Entry, ...]
    grade: str
    remark: str
    minutes: float

    @property
    def lasted(self) -> float:
        """How many seconds the clock showed between its opening and the next card's."""
        return (self.shown.left if self.shown.left is not None else self.shown.begun) - self.shown.begun

    @property
    def package(self) -> str:
        """Say what the launch package says of its risk."""
        card = self.shown.card
        whose = f"owner {card.owner}, backup {card.backup}; " if card.owner else ""
        return f"{card.severity}; {whose}runbook launch/{card.runbook}; somebody is told within {span(card.detect_within)}"

    @property
    def over(self) -> float:
        """By how many seconds it took longer than it was meant to."""
        return max(0.0, self.lasted - self.minutes * 60)


@dataclass(frozen=True)
class Moment:
    """A line of the time line: its number, the time of day (UTC), what the clock showed, the kind of thing, what it was; struck, and why."""

    number: int
    at: str
    clock: str
    kind: str
    text: str
    struck: str | None


@dataclass(frozen=True)
class Report:
    """What is reported. `changes` and `knowledge` stand as the file of items has them, where it has them."""

    session: Session
    cards: tuple[Played, ...]
    changes: tuple[Change, ...]
    knowledge: tuple[Knowledge, ...]
    well: tuple[str, ...]
    moments: tuple[Moment, ...]

    @property
    def counts(self) -> Counter[str]:
        """Count the questions by how the room did."""
        return Counter(each.state for card in self.cards for each in card.questions)

    @property
    def headline(self) -> str:
        """Say in one sentence how it went."""
        asked, nobody = len(self.knowledge), sum(not each.who for each in self.knowledge)
        if not self.cards:
            return "No card was opened."
        whom = f", and for {nobody} of them did not know whom" if nobody else ""
        left = sum(each.closed is None for each in self.changes)
        plan = f"{times(left, 'plan change')} {'is' if left == 1 else 'are'} open" if left else "no plan change is open"
        about = f"somebody about {times(asked, 'thing')}{whom}" if asked else "nobody"
        return f"The room would have had to ask {about}; {plan}."

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Return the session's facts, each with its name."""
        session = self.session
        ended = session.ended
        lasted = shown(session.clock.at(session.last))
        played = len(self.cards)
        return [
            ("Held", f"{dated(moment(session.opened))} to {dated(moment(ended)) if ended is not None else 'now: it has not ended'}"),
            ("On the clock", f"{lasted} for {times(played, 'card')}, planned {span(session.minutes * 60)} each"),
            ("Facilitator", session.facilitator or "not named"),
            ("At the table", ", ".join(session.table) or "not named"),
            ("Target", session.target or "none: the plan in general"),
            ("Cards", f"{played} opened of {len(session.sealed)} sealed ones"),
            ("Seal of the deck", f"{session.seal}; {self.verified}"),
        ]

    @property
    def verified(self) -> str:
        """Say whether what was opened is what was sealed."""
        broken = [str(card.shown.number) for card in self.cards if not card.shown.fits]
        if of_deck([each.commitment for each in self.session.sealed]) != self.session.seal:
            return "IT DOES NOT FIT the commitments in the record"
        if broken:
            return f"CARD {listed(broken)} IS NOT THE ONE THAT WAS SEALED"
        return "every opened card is the one that was sealed" if self.cards else "no card was opened"


def build(session: Session, filed: Mapping[str, Item]) -> Report:
    """Make the report of a session; `filed` is the file of items, which says what was closed since."""
    known = [each for item in items.of(session) for each in [_filed(item, filed)]]
    return Report(
        session=session,
        cards=tuple(_played(session, each) for each in session.shown),
        changes=tuple(each for each in known if isinstance(each, Change)),
        knowledge=tuple(each for each in known if isinstance(each, Knowledge)),
        well=tuple(each.text for each in session.of("well")),
        moments=tuple(_moment(session, each) for each in session.entries),
    )


def question(session: Session, entry: Entry) -> str:
    """Return the words of the question that an entry answers; nothing where it answers none."""
    return session.shown[entry.card - 1].card.asks.get(entry.fact("question"), "") if entry.card else ""


def state(item: Item) -> str:
    """Say how an item stands."""
    closed = item.closed
    if closed is None:
        return "open" + (f", due {item.due}" if isinstance(item, Change) and item.due else "")
    if isinstance(item, Knowledge):
        return f"closed by {closed.by} on {_day(closed.at)}: written in {closed.written}"
    build_ = f", build {closed.build}" if closed.build else ""
    return f"closed by {closed.by} on {_day(closed.at)}: proven by {closed.rehearsal} (fault {closed.fault} on {closed.target}{build_})"


def _filed(item: Item, filed: Mapping[str, Item]) -> Item:
    there = filed.get(item.id)
    return there if there is not None and there.session == item.session and type(there) is type(item) else item


def _played(session: Session, each: Shown) -> Played:
    covered = session.covered(each.number)
    spoken = session.of("answer", "ask", card=each.number)
    asked = []
    for number, (name, words) in enumerate(each.card.asks.items(), 1):
        said = [entry for entry in spoken if entry.fact("question") == name]
        asked.append(Asked(number, words, covered[name], tuple(_said(entry) for entry in said)))
    rated = session.rated(each.number)
    grade = RATINGS.get(rated.fact("grade"), "") if rated else ""
    return Played(each, tuple(asked), tuple(session.of("decide", card=each.number)), grade, rated.text if rated else "", session.minutes)


def _said(entry: Entry) -> str:
    return entry.text if entry.kind == "answer" else f"ask {entry.fact('who') or NOBODY}: {entry.text}"


def _moment(session: Session, entry: Entry) -> Moment:
    kind, text = _words(session, entry)
    return Moment(entry.event.number, f"{datetime.fromtimestamp(entry.event.at, UTC):%H:%M:%S}", shown(entry.clock), kind, text, entry.struck)


def _words(session: Session, entry: Entry) -> tuple[str, str]:
    """Name the kind of an entry, and say what it was."""
    stage = _stage(session, entry)
    if stage is not None:
        return f"+{stage.after} min", stage.text
    kind, words = _KINDS.get(entry.kind, (entry.kind, lambda _, entry: entry.text))
    return kind, words(session, entry)


def _stage(session: Session, entry: Entry) -> Stage | None:
    return session.shown[entry.card - 1].card.stages[int(entry.event.facts["stage"]) - 1] if entry.kind == "stage" else None


def _opened(session: Session, entry: Entry) -> str:
    passed = entry.fact("skipped")
    return session.shown[entry.card - 1].card.opening + (f" (the rest of the card before it stayed sealed: {passed})" if passed else "")


_KINDS: Mapping[str, tuple[str, Callable[[Session, Entry], str]]] = {
    "open": ("opened", lambda session, _: f"{times(len(session.sealed), 'card')} sealed as {session.seal}"),
    "card": ("card", _opened),
    "said": ("said", lambda _, entry: f"{entry.fact('who')}: {entry.text}"),
    "answer": ("answered", lambda session, entry: f"{question(session, entry)} {entry.text}"),
    "ask": ("would ask", lambda _, entry: f"{entry.fact('who') or NOBODY}: {entry.text}"),
    "decide": ("decided", lambda _, entry: decided(entry)),
    "change": ("change", lambda _, entry: f"{entry.text} (owner {entry.fact('owner')}, risk {entry.fact('risk')})"),
    "well": ("went well", lambda _, entry: entry.text),
    "rate": ("graded", lambda _, entry: RATINGS.get(entry.fact("grade"), "") + (f": {entry.text}" if entry.text else "")),
    "strike": ("struck", lambda _, entry: f"entry {entry.fact('of')}: {entry.text}"),
    "pause": ("pause", lambda _, entry: entry.text or "the clock stands"),
    "go": ("goes on", lambda *_: "the clock runs again"),
    "resume": ("resumed", lambda *_: "the process had ended; nothing that was confirmed is lost"),
    "end": ("ended", lambda session, _: f"the seed was {session.seed}" if session.seed else "the session was ended"),
}


def decided(entry: Entry) -> str:
    """Say what was decided, and by whom."""
    return entry.text + (f" (by {entry.fact('by')})" if entry.fact("by") else "")


def due(changes: Sequence[Change]) -> list[Change]:
    """Return the changes with what is open first, then by due date."""
    return sorted(changes, key=lambda each: (each.closed is not None, each.due or "9999", each.id))


def _day(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"
