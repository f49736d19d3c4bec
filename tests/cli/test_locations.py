"""Runners in several places share one history on PostgreSQL: one of them judges, one delivers, and one page goes out."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from reports.site import inbox
from tests.chaos.story import OWNERS, RISKS, TARGET
from tests.parts.postgresql import Cluster
from tests.reports.desk import iso
from tests.tree import ROOT, house
from tests.verdicts.made import outcome
from verdicts.outcome import Status

PLACES = ("eu", "us", "ap")
ALERTING = """
maintainers = "suite"
fallback = ["pager"]
routes.page = ["pager"]
[channels.pager]
kind = "folder"
path = "{folder}/pager"
"""


@pytest.fixture
def environment(tmp_path: Path, postgresql: Cluster) -> dict[str, str]:
    """A target that three places watch, two of which must agree, and a database that they share."""
    launch = tmp_path / "launch"
    (launch / "runbooks").mkdir(parents=True)
    (launch / "runbooks" / "lost.md").touch()
    (launch / "owners.toml").write_text(OWNERS)
    (launch / "risks.toml").write_text(RISKS)
    (launch / "alerting.toml").write_text(ALERTING.format(folder=tmp_path))
    (tmp_path / "targets.toml").write_text(f'{TARGET}locations = ["eu", "us", "ap"]\nlocation = "eu"\nagree = 2\n')
    return house() | {
        "SYNTHETICS_LAUNCH": str(launch),
        "SYNTHETICS_TARGETS": str(tmp_path / "targets.toml"),
        "SYNTHETICS_HISTORY": postgresql.database(),
        "PYTHONPATH": str(ROOT),
    }


def ran(folder: Path, place: str, number: int, broken: tuple[str, ...]) -> Path:
    """Write the run of a place, which ended just now; availability is broken where the place is named."""

    run = folder / "artifacts" / f"{place}-{number}"
    run.mkdir(parents=True)
    status = Status.FAILED if place in broken else Status.PASSED
    ends = time.time()
    outcomes = [
        outcome(status, attempt=n, run=run.name, target="prod", owner="platform", risk="lost", failure="availability", started=iso(ends - 2)) for n in (1, 2)
    ]
    facts = {"run": run.name, "target": "prod", "location": place, "state": "ended", "whole": True, "cadence": 300.0, "exit": int(place in broken)}
    facts |= {"started": iso(ends - 3), "ended": iso(ends), "expected": [{"scenario": "signup.a", "surface": "api"}]}
    (run / "run.json").write_text(json.dumps(facts))
    (run / "outcomes.jsonl").write_text("".join(f"{each.to_json()}\n" for each in outcomes[: 1 + (place in broken)]))
    return run


def everywhere(environment: dict[str, str], folder: Path, number: int, *broken: str) -> list[tuple[str, str]]:
    """Let every place run, judge and deliver, all at the same time; return what was told so far."""
    folders = {place: ran(folder, place, number, broken) for place in PLACES}

    def place(name: str) -> None:
        for words in (("judge", str(folders[name]), "--target", "prod"), ("alert", "--wait", "0")):
            done = subprocess.run([sys.executable, "-m", "cli.main", *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr

    with ThreadPoolExecutor(len(PLACES)) as pool:
        list(pool.map(place, PLACES))
    for words in (("judge", "--target", "prod"), ("alert", "--wait", "0")):
        subprocess.run([sys.executable, "-m", "cli.main", *words], cwd=ROOT, env=environment, capture_output=True, check=True)
    return [(str(each.kind), each.scenario) for each in inbox.arrived(folder / "pager")]


def test_two_of_three_places_agree_before_anybody_is_paged(environment: dict[str, str], tmp_path: Path) -> None:
    """One place alone pages nobody; two do, once, though all three judge and deliver at the same moment; and the end is told once."""
    alone = everywhere(environment, tmp_path, 1, "us")
    agreed = everywhere(environment, tmp_path, 2, "us", "ap")
    still = everywhere(environment, tmp_path, 3, "us", "ap")
    everywhere(environment, tmp_path, 4)
    over = everywhere(environment, tmp_path, 5)

    assert alone == []
    assert agreed == still == [("trigger", "signup.a")]
    assert over == [("trigger", "signup.a"), ("resolve", "signup.a")]
