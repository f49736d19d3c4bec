"""The launch package as the rest of the house reads it: owners, risks and how alerts travel, each with all that its entry says."""

from __future__ import annotations

import os
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from launch.reading import Table
from launch.vocabulary import SEVERITIES

FOLDER = Path(__file__).parent
SETTING = "SYNTHETICS_LAUNCH"
"""The environment variable that names a folder of one's own with owners, risks, alerting and runbooks, in place of the checkout's."""

URGENCIES = ("page", "ticket", "log")
URGENCY = {"critical": "page", "error": "page", "warning": "ticket", "info": "log"}
"""What a severity asks for: SEV1 to SEV3 page, SEV4 makes a ticket, SEV5 a line in a log."""

PLACES = ("run", "target", "scenario", "surface", "runbook", "trace_id")
"""What a link's pattern may name in braces."""


@dataclass(frozen=True)
class Owner:
    """Who is told, and who stands in for them. `contact` is a mail address, which a channel of kind email may use.

    `routes` holds the channels for each urgency (page, ticket, log). A page that nobody acknowledges for `escalate_after` seconds goes to the backup
    too; 0 is never.
    """

    id: str
    name: str
    contact: str
    backup: str
    routes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    escalate_after: float = 0.0


@dataclass(frozen=True)
class Alerting:
    """How alerts travel: ``alerting.toml``.

    `maintainers` is the owner of what concerns the monitor itself; `fallback` the channels that tell of messages that could not be delivered;
    `channels` the table of each channel, by name; `heartbeats` that of each receiver of the heartbeat;
    `links` patterns with the places of `PLACES`.
    """

    maintainers: str
    fallback: tuple[str, ...]
    channels: Mapping[str, Mapping[str, Any]]
    heartbeats: Mapping[str, Mapping[str, Any]]
    links: Mapping[str, str]
    file: Path

    def link(self, name: str, **places: str) -> str:
        """Return the link of this name, its places filled in."""
        return self.links[name].format(**{**dict.fromkeys(PLACES, ""), **places})


@dataclass(frozen=True)
class Risk:
    """What may go wrong at the launch. `symptom` is what the user sees; `runbook` a path below ``launch/``.

    `detect_within` is how many seconds may pass, in the mean, before its owner is told: a scenario that takes longer fails collection.
    `owner` answers for the risk, `backup` stands in; `scenarios` watch it, and `faults` of the rehearsal stand for it (`synthetics lint` checks both ways).
    """

    id: str
    symptom: str
    severity: str
    runbook: str
    detect_within: float
    owner: str = ""
    backup: str = ""
    scenarios: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Launch:
    """Owners and risks by id, and how alerts travel."""

    owners: dict[str, Owner]
    risks: dict[str, Risk]
    alerting: Alerting


def place() -> Path:
    """Return the folder of the launch package: one's own where the environment names it, else the checkout's."""
    return Path(os.environ.get(SETTING) or FOLDER).absolute()


def load(folder: Path | None = None) -> Launch:
    """Read ``alerting.toml``, ``owners.toml`` and ``risks.toml`` and check what they say of each other.

    Raises:
        BadInput: an entry is incomplete, a backup or a channel is unknown, a runbook is missing.
    """
    folder = folder or place()
    alerting, routes, patience = _alerting(Table.load(folder / "alerting.toml"))
    owners = {}
    book = Table.load(folder / "owners.toml")
    for name, entry in book.tables():
        owners[name] = Owner(
            id=name,
            name=entry.text("name"),
            contact=entry.text("contact"),
            backup=entry.text("backup"),
            routes={urgency: entry.texts(urgency, list(routes[urgency]), alerting.channels) for urgency in URGENCIES},
            escalate_after=entry.number("escalate_after", patience),
        )
        entry.done()
    if alerting.maintainers not in owners:
        raise Table(alerting.file, "", {}).wrong("maintainers", alerting.maintainers, "an owner of owners.toml: " + ", ".join(owners))
    for owner in owners.values():
        if owner.backup not in owners or owner.backup == owner.id:
            raise book.wrong(f"{owner.id}.backup", owner.backup, "another owner of this file: " + ", ".join(owners))
    risks = {}
    book = Table.load(folder / "risks.toml")
    for name, entry in book.tables():
        answers = entry.choice("owner", owners) if "owner" in entry else entry.text("owner", "")
        risk = Risk(
            id=name,
            symptom=entry.text("symptom"),
            severity=entry.choice("severity", SEVERITIES),
            runbook=entry.text("runbook"),
            detect_within=entry.number("detect_within", least=1),
            owner=answers,
            backup=entry.choice("backup", owners) if "backup" in entry else entry.text("backup", owners[answers].backup if answers else ""),
            scenarios=entry.texts("scenarios", []),
            faults=entry.texts("faults", []),
        )
        entry.done()
        if not (folder / risk.runbook).is_file():
            raise book.wrong(f"{name}.runbook", risk.runbook, f"a file below {folder.name}/; write it")
        risks[name] = risk
    return Launch(owners=owners, risks=risks, alerting=alerting)


def _alerting(book: Table) -> tuple[Alerting, dict[str, tuple[str, ...]], float]:
    """Return how alerts travel, and what holds for owners who do not say otherwise: the channels for each urgency, and when a page escalates."""
    channels = {name: entry.everything() for name, entry in book.table("channels").tables()}
    routes = book.table("routes")
    usual = {urgency: routes.texts(urgency, [], channels) for urgency in URGENCIES}
    patience = routes.number("escalate_after", 0)
    routes.done()
    links = book.table("links")
    patterns = {
        "runbook": _pattern(links, "runbook", "launch/{runbook}"),
        "evidence": _pattern(links, "evidence", "artifacts/{run}/report/index.html#{scenario}--{surface}"),
        "dashboard": _pattern(links, "dashboard", ""),
    }
    links.done()
    alerting = Alerting(
        maintainers=book.text("maintainers"),
        fallback=book.texts("fallback", [], channels),
        channels=channels,
        heartbeats={name: entry.everything() for name, entry in book.table("heartbeats").tables()},
        links=patterns,
        file=book.path,
    )
    book.done()
    return alerting, usual, patience


def _pattern(links: Table, name: str, default: str) -> str:
    pattern = links.text(name, default) if default or name in links else ""
    try:
        named = {field for _, field, _, _ in string.Formatter().parse(pattern) if field is not None}
    except ValueError:
        named = {pattern}
    if not named <= set(PLACES):
        raise links.wrong(name, pattern, "an address with no other places than " + ", ".join(f"{{{each}}}" for each in PLACES))
    return pattern
