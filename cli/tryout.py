"""A run that nobody made goes through all that follows a sweep, so that whoever is forked from this process finds compiled what that compiles.

Its history, its folder and its receiver lie in a folder that ends with it: nobody is told of it.
"""

from __future__ import annotations

import argparse
import io
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from cli import run as command
from cli import warm
from cli.run import Aftermath
from fixtures import runs
from fixtures import target as targets
from fixtures.ledger import Ledger
from fixtures.target import Target
from launch import package
from launch.package import URGENCIES, Launch
from verdicts import run as verdict
from verdicts.history import address, ledger
from verdicts.outcome import Outcome, Status, Step

INBOX = "inbox"
VERDICTS = (Status.FAILED, Status.PASSED, Status.PASSED)
"""What its scenario comes to, run by run: an alert opens and closes."""

TARGET = """
[tryout]
product = "cloudsuite"
url = "http://127.0.0.1:9"
owner = "{owner}"
mailbox = "sink"
mail_domain = "people.example.com"
"""


def go() -> None:
    """Make the runs, one after another."""
    with TemporaryDirectory(prefix="tryout-") as name:
        folder = Path(name)
        launch = silent(package.load(), folder / INBOX)
        file = folder / "targets.toml"
        file.write_text(TARGET.format(owner=launch.alerting.maintainers), encoding="utf-8")
        target = targets.load("tryout", file)
        with warm.surroundings(**{address.VARIABLE: str(folder / "history.sqlite"), runs.SETTING: str(folder / "runs")}):
            for status in VERDICTS:
                run(target, launch, status)


def silent(launch: Launch, inbox: Path) -> Launch:
    """Return a launch package by which nobody is told anything: every message goes into a folder."""
    way = {INBOX: {"kind": "folder", "path": str(inbox)}}
    owners = {name: replace(owner, routes=dict.fromkeys(URGENCIES, (INBOX,))) for name, owner in launch.owners.items()}
    return replace(launch, owners=owners, alerting=replace(launch.alerting, channels=way, fallback=(INBOX,), heartbeats={}))


def run(target: Target, launch: Launch, status: Status) -> None:
    """Let one run begin, try one scenario, end and be reported; what it says goes nowhere."""
    console = Console(file=io.StringIO(), highlight=False)
    options = argparse.Namespace(no_alerts=False, whole=True, surface=None, rest=[], deadline=60.0, grace=1.0)
    record = runs.create()
    facts = command.begun(target, record, options)
    after = Aftermath.begin(target, launch, record, options, console)
    outcomes = [outcome(record.id, target, status, attempt) for attempt in ((1,) if status is Status.PASSED else (1, 2))]
    tried = outcomes[-1]
    for each in outcomes:
        runs.append(record.outcomes, each.to_json())
    with Ledger(record.ledger, tried.nodeid, limit=lambda _: None).making("account", "somebody@people.example.com"):
        pass
    with command.display(record, console) as told:
        told({"event": "collected", "attempt": 1, "items": [{}]})
        told({"event": "finished"})
    expected = [{"scenario": tried.scenario, "surface": tried.surface, "nodeid": tried.nodeid}]
    code, reason = verdict.conclude(outcomes, {(tried.scenario, tried.surface)})
    ended = {"state": "ended", "ended": command.now(), "expected": expected, "executed": len(outcomes), "exit": code, "exit_reason": reason, "version": "1"}
    command.write(record, {**facts, **ended})
    after.follow(code, hurried=False)
    if after.steps is not None:
        with after.steps.history.begin() as tx:
            for thing in ledger.left(tx, target.name, time.time(), 0.0):
                ledger.mark_gone(tx, thing.run, thing.key, time.time())
        after.steps.history.close()
    command.report(record, code, reason, console)


def outcome(name: str, target: Target, status: Status, attempt: int) -> Outcome:
    """Return what came of an attempt at its scenario."""
    return Outcome(
        run=name,
        target=target.name,
        scenario="face.tryout",
        surface="api",
        attempt=attempt,
        status=status,
        title="A promise that nobody made.",
        journey="face",
        owner=target.owner,
        severity="critical",
        failure="integrity",
        risk="",
        runbook="",
        started=command.now(),
        seconds=0.1,
        nodeid="tryout",
        steps=(Step("look", 0.0, 0.1, 0, "passed"),),
        error=None if status is Status.PASSED else "expected one, saw another",
        blame=None if status is Status.PASSED else "product",
    )
