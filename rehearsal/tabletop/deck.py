"""The deck: a card for each risk of the launch package, and those that the team wrote itself."""

from __future__ import annotations

import hashlib
import string
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from launch import package
from launch.package import Launch, Risk
from launch.reading import BadInput, Table
from launch.vocabulary import SEVERITIES
from rehearsal.tabletop.questions import QUESTIONS

PHASES = ("early", "middle", "late")
PLACES = ("symptom", "runbook")
FOLDER = "tabletop"


@dataclass(frozen=True)
class Stage:
    """What happens next: `after` is the minute of the story."""

    after: int
    text: str


@dataclass(frozen=True)
class Card:
    """One inject. `opening` is read aloud first; `stages` follow when the facilitator says so; `questions` are asked besides the usual ones.

    `severity`, `runbook` (a path below ``launch/``), `detect_within` (seconds), `owner` and `backup` are what the launch package says of the risk, for later.
    """

    id: str
    risk: str
    opening: str
    stages: tuple[Stage, ...]
    questions: tuple[str, ...]
    severity: str
    runbook: str
    detect_within: float
    owner: str = ""
    backup: str = ""

    @property
    def asks(self) -> dict[str, str]:
        """All that is asked of it, by id: the usual questions, then its own."""
        return {**QUESTIONS, **{f"own-{number}": words for number, words in enumerate(self.questions, 1)}}


@dataclass(frozen=True)
class Line:
    """A line that cards are made of, and the risks for which it is true."""

    name: str
    after: int
    text: str
    severities: tuple[str, ...]
    risks: tuple[str, ...]

    def fits(self, risk: Risk) -> bool:
        """Tell whether it is true for a risk."""
        return risk.severity in self.severities and (not self.risks or risk.id in self.risks)


def deal(launch: Launch, folder: Path, *, seed: str, count: int, only: Sequence[str] = ()) -> list[Card]:
    """Deal `count` cards, those of `only` these risks where it names any. The same seed and files deal the same cards, in any version of Python.

    A risk comes a second time only when every other one has come. `folder` is that of the launch package; what it has no file for is taken from the checkout.

    Raises:
        BadInput: a file is wrong, a risk is unknown, or there are not so many cards.
    """
    if unknown := [each for each in only if each not in launch.risks]:
        raise BadInput(f"--risk: saw '{unknown[0]}'; allowed is one of {', '.join(launch.risks)}")
    cards = [each for each in (*derived(launch, folder, seed), *own(launch, folder)) if not only or each.risk in only]
    if count > len(cards):
        raise BadInput(f"--cards: saw {count}; allowed is at most {len(cards)}, one for each risk and inject that was asked for")
    mixed = sorted(cards, key=lambda card: _draw(seed, card.id))
    seen: dict[str, int] = {}
    turns = []
    for card in mixed:
        seen[card.risk] = seen.get(card.risk, 0) + 1
        turns.append(seen[card.risk])
    return [card for _, card in sorted(zip(turns, mixed, strict=True), key=lambda each: each[0])][:count]


def derived(launch: Launch, folder: Path, seed: str) -> list[Card]:
    """Make a card of each risk: its symptom as somebody tells it, and one follow-up of each phase."""
    mine = folder / FOLDER / "twists.toml"
    book = Table.load(mine if mine.is_file() else package.FOLDER / FOLDER / "twists.toml")
    known = launch.risks if book.path == mine else None  # the checkout's file may speak of risks that another launch does not have
    lines = {part: _lines(book.table(part), known, timed=part != "opening") for part in ("opening", *PHASES)}
    book.done()
    cards = []
    for risk in launch.risks.values():
        chosen = {part: _chosen(lines[part], risk, f"{seed}\n{part}", book.path, part) for part in lines}
        later = sorted((chosen[phase] for phase in PHASES), key=lambda line: line.after)
        stages = tuple(Stage(line.after, _filled(line.text, risk)) for line in later)
        cards.append(_card(f"risk:{risk.id}", risk, _filled(chosen["opening"].text, risk), stages, ()))
    return cards


def own(launch: Launch, folder: Path) -> list[Card]:
    """Read the cards that the team wrote; none where the launch package has no such file."""
    file = folder / FOLDER / "injects.toml"
    if not file.is_file():
        return []
    cards = []
    for name, entry in Table.load(file).tables():
        risk = launch.risks[entry.choice("risk", launch.risks)]
        opening, questions = entry.text("opening"), entry.texts("questions", [])
        later, stages = entry.table("later"), []
        for minute in later.everything():
            if not minute.isdecimal():
                raise later.wrong(minute, minute, 'a minute of the story as the key, such as 10 = "…"')
            stages.append(Stage(int(minute), later.text(minute)))
        entry.done()
        cards.append(_card(f"own:{name}", risk, opening, tuple(sorted(stages, key=lambda stage: stage.after)), questions))
    return cards


def _card(name: str, risk: Risk, opening: str, stages: tuple[Stage, ...], questions: tuple[str, ...]) -> Card:
    return Card(name, risk.id, opening, stages, questions, risk.severity, risk.runbook, risk.detect_within, risk.owner, risk.backup)


def _lines(part: Table, risks: Collection[str] | None, *, timed: bool) -> list[Line]:
    found = []
    for name, entry in part.tables():
        text = entry.text("text")
        if not _places(text) <= set(PLACES):
            raise entry.wrong("text", text, "a text with no other places than " + ", ".join(f"{{{place}}}" for place in PLACES))
        line = Line(
            name=name,
            after=int(entry.number("after", least=1)) if timed else 0,
            text=text,
            severities=entry.texts("severities", list(SEVERITIES), SEVERITIES),
            risks=entry.texts("risks", [], risks),
        )
        entry.done()
        found.append(line)
    return found


def _places(text: str) -> set[str]:
    try:
        return {place for _, place, _, _ in string.Formatter().parse(text) if place is not None}
    except ValueError:
        return {text}


def _filled(text: str, risk: Risk) -> str:
    values: Mapping[str, str] = {"symptom": risk.symptom, "runbook": f"launch/{risk.runbook}"}
    return text.format(**values)


def _chosen(lines: Iterable[Line], risk: Risk, seed: str, file: Path, part: str) -> Line:
    fitting = sorted((line for line in lines if line.fits(risk)), key=lambda line: _draw(seed, f"{risk.id}\n{line.name}"))
    if not fitting:
        raise BadInput(f"{file}: {part}: saw no line for the risk '{risk.id}' ({risk.severity}); allowed is at least one; add a table [{part}.NAME]")
    special = [line for line in fitting if line.risks]
    return (special or fitting)[0]


def _draw(seed: str, what: str) -> str:
    return hashlib.sha256(f"{seed}\n{what}".encode()).hexdigest()
