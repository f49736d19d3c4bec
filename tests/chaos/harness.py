"""The kill harness: processes that take in a run, judge it and tell of it are killed at named and at random points; then an auditor compares.

What the runs say, what the history holds and what the receiver took must agree: no lost outcome, no lost alert, no second incident.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from rich.console import Console
from sqlalchemy import select

from cli import chain
from fixtures import target as targets
from tests.chaos import points
from tests.chaos.story import CADENCE, Story
from verdicts.history import runs
from verdicts.history.schema import ALERTS, OUTBOX, OUTCOMES
from verdicts.history.store import History
from verdicts.outcome import read

ROOT = Path(__file__).parents[2]
LONGEST = 0.4
"""Seconds within which a random kill strikes; a whole pass takes about as long."""

NAMED = 2 / 3
"""The share of processes that are to die at a named point, the others after a random while; a good part of the former survive, because they do not come by."""

ENOUGH = 8 * len(points.POINTS)
"""With so many kills each named point must have been struck."""

Openings = list[tuple[str, int, str, str | None]]
"""Key, number, the run that opened it and the one that closed it."""


@dataclass
class Figures:
    """What happened. `kills` by point, `spared` the named points at which too few died; the rest is what the auditor found."""

    kills: Counter[str] = field(default_factory=Counter)
    spared: int = 0
    survived: int = 0
    runs: int = 0
    outcomes: int = 0
    lost_outcomes: int = 0
    alerts: int = 0
    lost_alerts: int = 0
    wrong_alerts: int = 0
    incidents: int = 0
    second_incidents: int = 0
    unresolved: int = 0
    sent_again: int = 0
    undelivered: int = 0

    @property
    def faults(self) -> int:
        """How much went wrong; sending again under the same key is allowed."""
        return self.spared + self.lost_outcomes + self.lost_alerts + self.wrong_alerts + self.second_incidents + self.unresolved + self.undelivered


def play(folder: Path, kills: int, seed: int) -> Figures:
    """Kill so many processes over the life of a target, and audit what is left."""
    chance, figures = random.Random(seed), Figures()
    aim = points.Aim(points.POINTS, chance)
    log = folder / "pagerduty.jsonl"
    command = [sys.executable, "-m", "rehearsal.pager", "--port", "0", "--log", str(log), "--parent", str(os.getpid())]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as receiver:
        try:
            assert receiver.stdout is not None
            url = receiver.stdout.readline().removeprefix("ready ").strip()
            story = Story(folder, chance)
            environment = story.settings(url) | {"SYNTHETICS_HISTORY": str(folder / "history.sqlite")}
            while figures.kills.total() < kills:
                taken = begun(environment, story)
                for _ in range(chance.randint(1, 3)):
                    point, nth = aim.next() if chance.random() < NAMED else ("", 0)
                    struck = victim(environment, taken, story.now, point, nth, chance.uniform(0.0, LONGEST))
                    if point:
                        aim.hear(point, nth, struck=struck)
                    figures.kills[point or "at random"] += struck
                    figures.survived += not struck
            for _ in range(8):  # all is kept again: everything closes
                taken = begun(environment, story, kept=True)
                assert not victim(environment, taken, story.now, "", 0, None), "the last passes are not killed"
            figures.spared = len(aim.spared(1 if kills >= ENOUGH else 0))
            audit(folder, url, story, environment, figures)
        finally:
            receiver.terminate()
    return figures


def begun(environment: Mapping[str, str], story: Story, *, kept: bool = False) -> Path:
    """Write the next run, and have a process that is gone now say in the history that it began, as `synthetics run` does before it sweeps."""
    folder = story.run(kept=kept)

    def begin() -> None:
        with chain.opened(Console(quiet=True)).history.begin() as tx:
            runs.begin_run(
                tx,
                id=folder.name,
                target="prod",
                location="local",
                whole=True,
                started=story.now - 30,
                deadline=story.now + 1800,
                host=socket.gethostname(),
                pid=os.getpid(),
                cadence=300.0,
                product="cloudsuite",
                drill=False,
                folder=str(folder),
            )

    assert forked(environment, begin) == 0
    return folder


def forked(environment: Mapping[str, str], call: Callable[[], None], after: float | None = None) -> int:
    """Run a call in a process of its own, kill that after so many seconds where they are given, and return how it ended (as `os.waitpid` says)."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.environ.update(environment)
            call()
            status = 0
        finally:
            os._exit(status)
    if after is not None:
        time.sleep(after)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def victim(environment: Mapping[str, str], folder: Path, now: float, point: str, nth: int, after: float | None) -> bool:
    """Let a process of its own take in a run, judge it and tell; kill it at a point, or after so many seconds; tell whether it was killed."""

    def call() -> None:
        time.time = lambda: now
        if point:
            points.plant(point, nth)
        work(folder)

    ended = forked(environment, call, None if point else after)
    if os.WIFSIGNALED(ended):
        return True
    assert os.WEXITSTATUS(ended) == 0, f"a process failed by itself at '{point}'"
    return False


def work(folder: Path) -> None:
    """Do what `synthetics run` does behind its sweep."""
    steps = chain.opened(Console(quiet=True))
    steps.take_in(folder)
    steps.judge(targets.load("prod"))
    steps.tell(0.0)


def audit(folder: Path, url: str, story: Story, environment: Mapping[str, str], figures: Figures) -> None:
    """Compare the runs, the history and the receiver."""
    history = History.open(environment["SYNTHETICS_HISTORY"])
    with history.reading() as tx:
        stored = {tuple(row) for row in tx.execute(select(OUTCOMES.c.run, OUTCOMES.c.scenario, OUTCOMES.c.surface, OUTCOMES.c.attempt))}
        sent = Counter(tx.execute(select(OUTBOX.c.state)).scalars())
    history.close()
    seen = {(each.run, each.scenario, each.surface, each.attempt) for file in sorted((folder / "artifacts").glob("*/outcomes.jsonl")) for each in read(file)}
    found, expected = openings(environment["SYNTHETICS_HISTORY"]), undisturbed(folder, environment, story.number)
    incidents = Counter(each["dedup_key"] for each in httpx.get(f"{url}/incidents").json())
    told = Counter(key for key, *_ in found)
    figures.runs, figures.outcomes, figures.lost_outcomes = story.number, len(seen), len(seen - stored)
    figures.alerts, figures.lost_alerts, figures.wrong_alerts = len(expected), len(set(expected) - set(found)), len(set(found) - set(expected))
    figures.incidents = incidents.total()
    figures.second_incidents = (incidents - told).total() + (told - incidents).total()
    figures.unresolved = sum(each["status"] != "resolved" for each in httpx.get(f"{url}/incidents").json())
    figures.undelivered = sent["pending"] + sent["dead"]
    figures.sent_again = (folder / "pagerduty.jsonl").read_text().count("\n") - sent["sent"]


def openings(address: str) -> Openings:
    """Return every opening of every alert in a history."""
    history = History.open(address)
    with history.reading() as tx:
        rows = tx.execute(select(ALERTS.c.key, ALERTS.c.number, ALERTS.c.opened_by, ALERTS.c.closed_by).order_by(ALERTS.c.id)).all()
    history.close()
    return [(row.key, row.number, row.opened_by, row.closed_by) for row in rows]


def undisturbed(folder: Path, environment: Mapping[str, str], runs_written: int) -> Openings:
    """Return what opens and closes where nobody is killed: the same runs, judged one by one, in a history of their own, told to nobody."""
    address = str(folder / "undisturbed.sqlite")

    def call() -> None:
        steps = chain.opened(Console(quiet=True))
        clock = Story(folder, random.Random(0))
        for number in range(1, runs_written + 1):
            clock.now += CADENCE
            now = clock.now
            time.time = lambda now=now: now  # type: ignore[misc]
            steps.take_in(folder / "artifacts" / f"run-{number:05d}")
            steps.judge(targets.load("prod"))

    assert forked({**environment, "SYNTHETICS_HISTORY": address}, call) == 0
    return openings(address)
