"""A desk and a courier with a history of their own, for tests: real store, real channels, a clock that a test moves."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from launch import package
from launch.package import Launch
from reports import routing
from reports.delivery import Courier, Pass
from reports.outbox import Desk, Judged
from reports.site import inbox
from tests.verdicts.made import outcome
from verdicts.history import alerts, outbox, runs
from verdicts.history.alerts import Alert
from verdicts.history.outbox import Letter
from verdicts.history.store import History
from verdicts.outcome import Status
from verdicts.view import Watched

OWNERS = """
[billing]
name = "Billing"
contact = "billing@example.com"
backup = "platform"
{billing}
[platform]
name = "Platform"
contact = "platform@example.com"
backup = "suite"
page = ["backup"]
[suite]
name = "Maintainers"
contact = "suite@example.com"
backup = "billing"
"""
ALERTING = """
maintainers = "suite"
fallback = ["fallback"]
[routes]
page = ["pager"]
ticket = ["desk"]
log = []
escalate_after = {patience}
[channels.pager]
{pager}
[channels.desk]
kind = "folder"
path = "{folder}/desk"
[channels.backup]
kind = "folder"
path = "{folder}/backup"
[channels.fallback]
kind = "folder"
path = "{folder}/fallback"
{more}
"""
RISKS = """
[lost]
symptom = "It is lost."
severity = "critical"
runbook = "runbooks/lost.md"
detect_within = 900

"""
TARGET = Watched(name="prod", owner="platform", maintainers="suite", cadence=300.0)


@dataclass
class Office:
    """Everything in one folder. `now` is the time, in seconds since the epoch; pauses move it."""

    folder: Path
    history: History
    now: float = 1_000_000.0
    secrets: dict[str, str] = field(default_factory=dict)
    deadline: float = 5.0
    chance: float = 0.0
    runs: int = 0
    cadence: float = 300.0
    launch: Launch = field(init=False)

    def __post_init__(self) -> None:
        """Write a launch package in which every channel is a folder."""
        (self.folder / "launch" / "runbooks").mkdir(parents=True)
        (self.folder / "launch" / "runbooks" / "lost.md").touch()
        (self.folder / "launch" / "risks.toml").write_text(RISKS)
        self.launched()

    def launched(self, pager: str = "", *, billing: str = "", more: str = "", patience: int = 0) -> None:
        """Write the launch package; `pager` is the table of the channel by which owners are paged."""
        usual = f'kind = "folder"\npath = "{self.folder}/pager"'
        said = ALERTING.format(pager=pager or usual, folder=self.folder, more=more, patience=patience)
        (self.folder / "launch" / "alerting.toml").write_text(said)
        (self.folder / "launch" / "owners.toml").write_text(OWNERS.format(billing=billing))
        self.relaunched()

    def relaunched(self) -> None:
        """Read the launch package again."""
        self.launch = package.load(self.folder / "launch")

    def secret(self, name: str) -> str:
        """Return a secret, as the environment would."""
        return self.secrets[name] if name in self.secrets else routing.from_environment(name)

    def pass_time(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds

    def ran(self, statuses: dict[str, Iterable[Status]], **facts: Any) -> Path:
        """Write and import a run whose scenarios ended so (one status for each attempt), a cadence after the last one."""
        self.now += self.cadence
        self.runs += 1
        folder = self.folder / "artifacts" / f"run-{self.runs:04d}"
        outcomes = [
            outcome(status, scenario=scenario, attempt=number, run=folder.name, target=TARGET.name, owner="billing", risk="lost", started=iso(self.now - 20))
            for scenario, each in statuses.items()
            for number, status in enumerate(each, 1)
        ]
        said = {
            "run": folder.name,
            "target": TARGET.name,
            "location": "local",
            "state": "ended",
            "whole": True,
            "cadence": TARGET.cadence,
            "started": iso(self.now - 30),
            "ended": iso(self.now),
            "exit": 0,
            "expected": [{"scenario": each.scenario, "surface": each.surface} for each in outcomes if each.attempt == 1],
            **facts,
        }
        folder.mkdir(parents=True)
        (folder / "run.json").write_text(json.dumps(said))
        (folder / "outcomes.jsonl").write_text("".join(f"{each.to_json()}\n" for each in outcomes))
        with self.history.begin() as tx:
            runs.import_folder(tx, folder)
        return folder

    def judge(self, **options: Any) -> Judged:
        """Judge the target."""
        return self.desk(**options).judge(TARGET, (), self.now)

    def desk(self, **options: Any) -> Desk:
        """Return who judges."""
        return Desk(self.history, self.launch, "judge", **options)

    def courier(self, **options: Any) -> Courier:
        """Return who delivers."""
        return Courier(
            self.history,
            self.launch,
            "courier",
            now=lambda: self.now,
            pause=self.pass_time,
            secret=self.secret,
            deadline=self.deadline,
            chance=lambda: self.chance,
            **options,
        )

    def deliver(self, patience: float = 0.0) -> Pass:
        """Deliver what is due."""
        return self.courier().deliver(patience=patience)

    def told(self, folder: str = "pager") -> list[tuple[str, str]]:
        """Return kind and scenario of what arrived in a folder, in order."""
        return [(str(each.kind), each.scenario) for each in inbox.arrived(self.folder / folder)]

    def letters(self) -> list[Letter]:
        """Return every message of every alert, in order."""
        with self.history.reading() as tx:
            found = [each for alert in self.alerts() for each in outbox.of_alert(tx, alert.id)]
        return sorted(found, key=lambda letter: letter.id)

    def alerts(self) -> list[Alert]:
        """Return every alert, oldest first."""
        with self.history.reading() as tx:
            return sorted([*alerts.still_open(tx), *alerts.closed_since(tx, 0.0)], key=lambda alert: alert.id)


def iso(seconds: float) -> str:
    """Write a time as a run does."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
