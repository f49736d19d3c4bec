"""The launch package as the rest of the house reads it: owners and risks, each with all that its entry says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from launch.reading import Table
from launch.vocabulary import SEVERITIES

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Owner:
    """Who is told, and who stands in for them. `contact` is a mail address or a channel."""

    id: str
    name: str
    contact: str
    backup: str


@dataclass(frozen=True)
class Risk:
    """What may go wrong at the launch. `symptom` is what the user sees; `runbook` a path below ``launch/``."""

    id: str
    symptom: str
    severity: str
    runbook: str


@dataclass(frozen=True)
class Launch:
    """Owners and risks by id."""

    owners: dict[str, Owner]
    risks: dict[str, Risk]


def load(folder: Path = FOLDER) -> Launch:
    """Read ``owners.toml`` and ``risks.toml`` and check what they say of each other.

    Raises:
        BadInput: an entry is incomplete, a backup is nobody, a runbook is missing.
    """
    owners = {}
    book = Table.load(folder / "owners.toml")
    for name, entry in book.tables():
        owners[name] = Owner(id=name, name=entry.text("name"), contact=entry.text("contact"), backup=entry.text("backup"))
        entry.done()
    for owner in owners.values():
        if owner.backup not in owners or owner.backup == owner.id:
            raise book.wrong(f"{owner.id}.backup", owner.backup, "another owner of this file: " + ", ".join(owners))
    risks = {}
    book = Table.load(folder / "risks.toml")
    for name, entry in book.tables():
        risk = Risk(id=name, symptom=entry.text("symptom"), severity=entry.choice("severity", SEVERITIES), runbook=entry.text("runbook"))
        entry.done()
        if not (folder / risk.runbook).is_file():
            raise book.wrong(f"{name}.runbook", risk.runbook, f"a file below {folder.name}/; write it")
        risks[name] = risk
    return Launch(owners=owners, risks=risks)
