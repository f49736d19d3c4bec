"""The page: what a person needs of a run, in the order in which they need it."""

from __future__ import annotations

import base64
import hashlib
import itertools
import os
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports import wording
from reports.inert import inert, shortened, web_address
from reports.site import pictures, standing
from reports.site.exhibits import Exhibit, Exhibition
from reports.site.record import Record
from verdicts.outcome import Outcome, Request, Status

_HERE = Path(__file__).parent
_SEVERITIES = ("critical", "error", "warning", "info")
_SHOWN_REQUESTS = 200
_SHOWN_LINES = 200
_SHOWN_TEXT = 4_000


@dataclass(frozen=True)
class Attempt:
    """One attempt, as a card or a row unfolds it."""

    outcome: Outcome
    exhibits: list[Exhibit]

    @property
    def name(self) -> str:
        """Name the attempt for what it is there for."""
        return wording.ordinal(self.outcome.attempt)

    @property
    def headline(self) -> str:
        """Return the first line of the error."""
        return shortened((self.outcome.error or "").strip().partition("\n")[0], _SHOWN_TEXT)

    @property
    def further(self) -> str:
        """Return what follows the first line of the error."""
        return shortened((self.outcome.error or "").strip().partition("\n")[2].strip("\n"), _SHOWN_TEXT)

    @property
    def slow(self) -> list[str]:
        """Return what took longer than its budget, where the error does not say so already."""
        return [each for each in self.outcome.slow if each not in (self.outcome.error or "")]

    @property
    def bars(self) -> list[pictures.StepBar]:
        """Return the steps along the attempt's time."""
        return pictures.steps(self.outcome)

    @property
    def paths(self) -> list[tuple[str, list[str]]]:
        """Return the states seen, gathered by what went through them."""
        gathered: dict[str, list[str]] = {}
        for seen in self.outcome.states:
            of, _, state = seen.rpartition(": ")
            gathered.setdefault(of, []).append(state)
        return list(gathered.items())

    @property
    def requests(self) -> Sequence[Request]:
        """Return the last requests: what went wrong is at the end."""
        return self.outcome.requests[-_SHOWN_REQUESTS:]

    @property
    def console(self) -> Sequence[str]:
        """Return the last lines of the console."""
        return [shortened(line, _SHOWN_TEXT) for line in self.outcome.console[-_SHOWN_LINES:]]


@dataclass(frozen=True)
class Entry:
    """One scenario on one surface: the outcome that counts, and every attempt that led to it."""

    outcome: Outcome
    attempts: list[Attempt]
    runbook: str | None
    """Where the runbook can be opened, if anywhere."""

    @property
    def anchor(self) -> str:
        """Name the entry's place in the page."""
        return anchor(self.outcome.scenario, self.outcome.surface)

    @property
    def last(self) -> Attempt:
        """Return the attempt that decided."""
        return self.attempts[0]

    @property
    def searchable(self) -> str:
        """Return the words by which the entry is found."""
        each = self.outcome
        return str(inert(f"{each.scenario} {each.title} {each.risk} {each.failure} {each.severity} {each.trace_id} {self.last.headline[:500]}")).lower()


@dataclass(frozen=True)
class Block:
    """A journey in the grid: its scenarios by row, the surfaces by column."""

    journey: str
    rows: list[tuple[str, str, dict[str, str]]]
    """The scenario's id, its promise, and its status on each surface."""

    @property
    def counts(self) -> Counter[str]:
        """Count the cells by status."""
        return Counter(status for _, _, cells in self.rows for status in cells.values())


@dataclass
class Owner:
    """What an owner has to know of: how many of theirs stand how."""

    name: str
    counts: Counter[str] = field(default_factory=Counter)


def anchor(scenario: str, surface: str) -> str:
    """Name the place of a scenario in the page, for links from outside: ``quota.limit-plus-one--api``."""
    wanted = f"{scenario}--{surface}"
    safe = re.sub(r"[^A-Za-z0-9._-]", "-", wanted)[:120]
    return safe if safe == wanted else f"{safe}-{zlib.crc32(wanted.encode('utf-8', errors='replace')):08x}"


def render(record: Record) -> str:
    """Return the page as HTML."""
    entries = _entries(record)
    worst_first = sorted(entries, key=_gravity)
    style, script = ((_HERE / name).read_text(encoding="utf-8") for name in ("style.css", "script.js"))
    return (
        templates()
        .get_template("page.html")
        .render(
            run=record.run,
            record=record,
            standing=standing.standing(record),
            tally=standing.tally(record),
            entries=worst_first,
            cards=[each for each in worst_first if each.outcome.status in standing.NEEDS_A_LOOK],
            blocks=_blocks(record),
            surfaces=sorted({surface for _, surface in record.attempts} | {each.surface for each in record.absent}),
            durations=pictures.durations(record.finals),
            timeline=pictures.timeline(list(itertools.chain.from_iterable(record.attempts.values()))),
            owners=_owners(record),
            not_applicable=[each for each in worst_first if each.outcome.status is Status.NOT_APPLICABLE],
            style=Markup(style),  # noqa: S704 -- a file beside this one
            script=Markup(script),  # noqa: S704 -- a file beside this one
            style_hash=_hash(style),
            script_hash=_hash(script),
        )
    )


@cache
def templates() -> Environment:
    """Return what the page is made of; it is compiled once."""
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        finalize=inert,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(lasting=wording.lasting, dated=wording.dated, shortened=shortened, web_address=web_address)
    environment.globals.update(LOOKS=standing.LOOKS, ABSENT=standing.ABSENT, ORDER=standing.ORDER, counted=standing.counted, anchor=anchor)
    return environment


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _entries(record: Record) -> list[Entry]:
    exhibition = Exhibition(record.folder)
    worst_first = sorted(record.finals, key=lambda each: standing.ORDER.index(each.status))
    return [
        Entry(each, [Attempt(attempt, exhibition.of(attempt)) for attempt in reversed(record.attempts[each.key])], _runbook(record.folder, each.runbook))
        for each in worst_first
    ]


def _gravity(entry: Entry) -> tuple[int, int, str, str]:
    outcome = entry.outcome
    severity = _SEVERITIES.index(outcome.severity) if outcome.severity in _SEVERITIES else len(_SEVERITIES)
    return standing.ORDER.index(outcome.status), severity, *outcome.key


def _runbook(folder: Path, named: str) -> str | None:
    """Return a web address as it is, and a document of the suite (two folders above the run's), named from there or from ``launch/``, as a relative link."""
    if address := web_address(named):
        return address
    path, _, heading = named.partition("#")
    suite = folder.resolve().parent.parent
    try:
        places = ((room / path).resolve() for room in (suite, suite / "launch"))
        document = next((each for each in places if each.suffix == ".md" and each.is_file() and each.is_relative_to(suite)), None)
    except (OSError, ValueError):
        return None
    if document is None:
        return None
    relative = Path(os.path.relpath(document, folder.resolve() / "report")).as_posix()
    return quote(relative) + (f"#{quote(heading)}" if heading else "")


def _blocks(record: Record) -> list[Block]:
    promises = {each.scenario: each.title for each in record.finals}
    journeys = {each.scenario: each.journey for each in record.finals}
    cells: dict[str, dict[str, str]] = {}
    for each in record.finals:
        cells.setdefault(each.scenario, {})[each.surface] = each.status.value
    for lost in record.absent:
        cells.setdefault(lost.scenario, {})[lost.surface] = standing.ABSENT
    blocks: dict[str, Block] = {}
    for scenario in sorted(cells):
        journey = journeys.get(scenario, _journey(lost=scenario))
        blocks.setdefault(journey, Block(journey, [])).rows.append((scenario, promises.get(scenario, ""), cells[scenario]))
    return sorted(blocks.values(), key=lambda block: block.journey)


def _journey(lost: str) -> str:
    return lost.partition(".")[0]


def _owners(record: Record) -> list[Owner]:
    owners: dict[str, Owner] = {}
    for each in record.finals:
        owners.setdefault(each.owner, Owner(each.owner)).counts[each.status] += 1
    return sorted(owners.values(), key=lambda owner: ([-owner.counts[status] for status in standing.NEEDS_A_LOOK], owner.name))
