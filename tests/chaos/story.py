"""A made-up life of a target: runs in which promises break and are kept again, written as `synthetics run` leaves them."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.verdicts.made import outcome
from verdicts.outcome import Status

CADENCE = 300.0
BEGINS = 1_800_000_000.0
SCENARIOS = ("quota.full-plan", "signup.mail", "lifecycle.restore", "account.upgrade")
TARGET = """
[prod]
product = "cloudsuite"
url = "https://prod.example.com"
owner = "platform"
mailbox = "folder:mail"
mail_domain = "people.example.com"
cadence = 300
"""
OWNERS = """
[platform]
name = "Platform"
contact = "platform@example.com"
backup = "suite"
[suite]
name = "Maintainers"
contact = "suite@example.com"
backup = "platform"
"""
ALERTING = """
maintainers = "suite"
fallback = ["fallback"]
[routes]
page = ["pager"]
ticket = ["pager"]
log = []
[channels.pager]
kind = "pagerduty"
routing_key = {{ env = "CHAOS_ROUTING_KEY" }}
url = "{url}"
[channels.fallback]
kind = "folder"
path = "{folder}/fallback"
"""
RISKS = """
[lost]
symptom = "It is lost."
severity = "critical"
runbook = "runbooks/lost.md"
detect_within = 900
"""


@dataclass
class Story:
    """Writes one run after the other below `folder`; `chance` decides what breaks. `now` is when the latest run ended, in seconds since the epoch."""

    folder: Path
    chance: random.Random
    now: float = BEGINS
    number: int = 0

    def settings(self, pager: str) -> dict[str, str]:
        """Write the launch package and the targets; return the environment that names them."""
        launch = self.folder / "launch"
        (launch / "runbooks").mkdir(parents=True)
        (launch / "runbooks" / "lost.md").touch()
        (launch / "owners.toml").write_text(OWNERS)
        (launch / "risks.toml").write_text(RISKS)
        (launch / "alerting.toml").write_text(ALERTING.format(url=pager, folder=self.folder))
        (self.folder / "targets.toml").write_text(TARGET)
        return {
            "SYNTHETICS_LAUNCH": str(launch),
            "SYNTHETICS_TARGETS": str(self.folder / "targets.toml"),
            "CHAOS_ROUTING_KEY": "c0ffee00c0ffee00c0ffee00c0ffee00",
        }

    def run(self, *, kept: bool = False) -> Path:
        """Write the next run: each promise is broken with one chance in five, or in none of this run if `kept`."""
        self.now += CADENCE
        self.number += 1
        folder = self.folder / "artifacts" / f"run-{self.number:05d}"
        folder.mkdir(parents=True)
        broken = {name for name in SCENARIOS if not kept and self.chance.random() < 1 / 5}
        outcomes = [
            outcome(
                Status.FAILED if name in broken else Status.PASSED,
                scenario=name,
                attempt=attempt,
                run=folder.name,
                target="prod",
                owner="platform",
                risk="lost",
                started=iso(self.now - 20),
            )
            for name in SCENARIOS
            for attempt in ((1, 2) if name in broken else (1,))
        ]
        facts = {
            "run": folder.name,
            "target": "prod",
            "location": "local",
            "state": "ended",
            "whole": True,
            "cadence": CADENCE,
            "started": iso(self.now - 30),
            "ended": iso(self.now),
            "exit": 1 if broken else 0,
            "expected": [{"scenario": name, "surface": "api"} for name in SCENARIOS],
        }
        (folder / "run.json").write_text(json.dumps(facts))
        (folder / "outcomes.jsonl").write_text("".join(f"{each.to_json()}\n" for each in outcomes))
        return folder


def iso(seconds: float) -> str:
    """Write a time as a run does."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
