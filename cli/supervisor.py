"""The supervisor: owns the process group of a runner, its deadlines, and the journal of what is under way.

pytest cannot supervise itself: with a frozen browser driver neither timeouts nor reports fire. So a runner that lets an attempt pass its deadline is
killed with all that it started; what was under way is `incomplete`, and a new runner goes on with the rest.

Killing the process group is not enough: a browser leads a group of its own, and one that is frozen does not hear that its driver is gone. So whatever
bears the run's mark in its environment is killed too, and what it left in its folder of temporary files (profiles, raw traces) ends with the run.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import IO, Any

from cli import warm
from fixtures import leash, runs
from fixtures import live as lives
from fixtures.live import Live
from fixtures.runs import Run
from fixtures.target import ROOT
from verdicts.outcome import Outcome, Status, read

GRACE = 15.0
"""Seconds past an attempt's deadline in which its runner may still end it by itself."""

COLLECTING = 120.0
"""Seconds that a runner may take to say what it will try."""

LOOK = 0.2
"""Seconds between two looks at the journal."""

GENERATIONS = 3
"""How often to look for what a killed runner has started: a process may have had a child while it was killed."""

DYING = 5.0
"""Seconds that a killed process may take to be gone; it lets go of its files first."""

SCENARIOS = "synthetics"
"""The folder of the scenarios, which a runner collects where nothing narrower is asked for."""

PLUGINS = ("allure_pytest.plugin", "pytest_playwright.pytest_playwright")
"""What a runner loads; loading every installed plugin costs half a second of CPU, and the one for browsers a quarter."""

ONLY_ASKED = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""The setting by which pytest loads no others."""

UNUSED = ("cacheprovider", "doctest", "legacypath", "pastebin")
"""What a runner leaves out of pytest's own."""


@dataclass
class Progress:
    """What the journal has told so far.

    `expected` by node id; `running` maps one to when it began (seconds since the epoch), `heard` to when that was heard (monotonic seconds: a clock
    that is set meanwhile kills nobody and spares nobody), `steps` to its latest step.
    """

    expected: dict[str, dict[str, Any]] = field(default_factory=dict)
    running: dict[str, float] = field(default_factory=dict)
    heard: dict[str, float] = field(default_factory=dict)
    steps: dict[str, str] = field(default_factory=dict)
    finished: set[str] = field(default_factory=set)
    collected: bool = False

    def take_in(self, event: dict[str, Any], now: float) -> None:
        """Follow one event, which was heard `now` (monotonic seconds)."""
        match event["event"]:
            case "collected":
                self.collected = True
                for item in event["items"]:
                    self.expected.setdefault(item["nodeid"], item)
            case "started":
                self.running[event["nodeid"]] = event["at"]
                self.heard[event["nodeid"]] = now
                self.steps.pop(event["nodeid"], None)
            case "step":
                self.steps[event["nodeid"]] = event["title"]
            case "finished":
                self.running.pop(event["nodeid"], None)
                self.finished.add(event["nodeid"])

    def overdue(self, now: float, grace: float) -> list[str]:
        """Return what is past its deadline and the grace `now` (monotonic seconds)."""
        return [name for name in self.running if now - self.heard[name] > self.expected.get(name, {}).get("deadline", 120.0) + grace]


@dataclass
class Ended:
    """How a runner ended: its exit code (None when it was killed by us), what it was killed for, and what was under way."""

    code: int | None
    why: str = ""
    suspects: tuple[str, ...] = ()
    interrupted: tuple[str, ...] = ()
    unstarted: tuple[str, ...] = ()

    @property
    def died(self) -> bool:
        """Tell whether the runner did not end by itself, or left something under way."""
        return self.code is None or self.code < 0 or bool(self.interrupted)


class Cancelled(Exception):  # noqa: N818 -- named for what happened
    """Somebody asked the supervisor to stop (SIGINT or SIGTERM)."""


@dataclass
class Supervisor:
    """Runs pytest processes for one run, one after another.

    `told` is called with each event; `until` is when the whole run must end (monotonic seconds). `stopped` says why no other runner is started;
    `cancelled` that whoever asked for it will not wait for long.
    `browsers` says that a browser is met by API too: people can sign up on the product's pages alone.
    """

    run: Run
    live: Live
    target: str
    lanes: tuple[int, int]
    until: float
    told: Callable[[dict[str, Any]], None]
    grace: float = GRACE
    browsers: bool = False
    progress: Progress = field(default_factory=Progress)
    stopped: str = ""
    cancelled: bool = False
    _offset: int = 0
    _process: subprocess.Popen[bytes] | warm.Started | None = None

    def round(self, attempt: int, options: Iterable[str], *, only: Iterable[str] | None = None) -> Ended:
        """Start one runner, watch it to its end, and account for everything it began."""
        selected = set(only) if only is not None else None
        before = set(self.progress.finished)
        self.progress.finished -= selected or set()
        self.progress.collected = False
        command = self._command(attempt, options, only)
        temporary = Path(self.live.private) / "tmp"
        temporary.mkdir(exist_ok=True)
        environment = {
            **os.environ,
            lives.VARIABLE: self.live.dumps(),
            "TMPDIR": str(temporary),
            **ONLY_ASKED,
            "PYTHONUNBUFFERED": "1",
        }
        with self.log.open("ab") as log:
            self._process = start(command, environment, log)
            try:
                ended = self._watch(self._process)
            finally:
                self._kill()
        self._read_journal()
        interrupted = tuple(self.progress.running)
        told = {(outcome.nodeid, outcome.attempt) for outcome in read(self.run.outcomes)} if interrupted else set()
        for name in interrupted:
            if (name, attempt) in told:  # it had written its outcome, and was killed before it said so
                continue
            self._incomplete(name, attempt, ended.why or perished(ended.code))
        started = self.progress.finished | set(interrupted)
        unstarted = [name for name in self.progress.expected if name not in started and (selected is None or name in selected)]
        self.progress.finished |= before
        self._read_journal()
        self.progress.running.clear()
        return Ended(code=ended.code, why=ended.why, suspects=ended.suspects, interrupted=interrupted, unstarted=tuple(unstarted))

    @property
    def log(self) -> Path:
        """What the runners printed."""
        return self.run.folder / "pytest.log"

    def stop(self, why: str) -> None:
        """End the runner at the next look, and start no other."""
        self.stopped = self.stopped or why

    def cancel(self, why: str) -> None:
        """Do so because somebody asked for it."""
        self.cancelled = True
        self.stop(why)

    def _command(self, attempt: int, options: Iterable[str], only: Iterable[str] | None) -> list[str]:
        api, browser = self.lanes
        places, words = apart(spread(options))
        where = places or [SCENARIOS]
        if only is not None:
            chosen = self.run.folder / f"attempt-{attempt}.txt"
            chosen.write_text("\n".join(only) + "\n", encoding="utf-8")
            where = [f"@{chosen}"]
        return [
            "-m", "pytest", *where, *loading(words, browsers=self.browsers),
            "--target", self.target, "--run-folder", str(self.run.folder), "--attempt", str(attempt), "--alluredir", str(self.run.folder / "allure-results"),
            "--lanes", str(api), "--browser-lanes", str(browser), "--color=no", "-q", *words,
        ]  # fmt: skip

    def _watch(self, process: subprocess.Popen[bytes] | warm.Started) -> Ended:
        began = time.monotonic()
        while True:
            try:
                return Ended(code=process.wait(timeout=LOOK))
            except subprocess.TimeoutExpired:
                self._read_journal()
            if self.stopped:
                return Ended(code=None, why=self.stopped)
            if time.monotonic() > self.until:
                self.stop("the run passed its deadline")
                return Ended(code=None, why=self.stopped)
            if not self.progress.collected and time.monotonic() - began > COLLECTING:
                return Ended(code=None, why=f"the runner said nothing for {COLLECTING:g} s")
            if overdue := self.progress.overdue(time.monotonic(), self.grace):
                return Ended(code=None, why="its runner was killed: an attempt passed its deadline and could not be ended", suspects=tuple(overdue))

    def _kill(self) -> None:
        """End everything that the runner started: its process group, and what has left that group."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None
        for _ in range(GENERATIONS):
            for number in started_by(self.run.id):
                kill(number)

    def _read_journal(self) -> None:
        for event in self._events():
            self.progress.take_in(event, time.monotonic())
            self.told(event)

    def _events(self) -> Iterator[dict[str, Any]]:
        for end, event in runs.records(self.run.journal, self._offset):
            self._offset = end
            yield event

    def _incomplete(self, name: str, attempt: int, why: str) -> None:
        """Write the outcome of an attempt that could not write its own."""
        known = self.progress.expected.get(name)
        if known is None:
            return
        began = self.progress.running[name]
        outcome = Outcome(
            run=self.run.id,
            target=self.target,
            scenario=known["scenario"],
            surface=known["surface"],
            attempt=attempt,
            status=Status.INCOMPLETE,
            title=known["title"],
            journey=known["journey"],
            owner=known["owner"],
            severity=known["severity"],
            failure=known["failure"],
            risk=known["risk"],
            runbook=known["runbook"],
            started=datetime.fromtimestamp(began, UTC).isoformat(timespec="milliseconds"),
            seconds=round(time.monotonic() - self.progress.heard[name], 3),
            nodeid=name,
            error=why,
            blame="suite",
            where=f"in the step '{self.progress.steps[name]}'" if name in self.progress.steps else None,
        )
        runs.append(self.run.outcomes, outcome.to_json())
        self.run.note("finished", nodeid=name, attempt=attempt)


def start(words: Sequence[str], environment: Mapping[str, str], log: IO[bytes]) -> subprocess.Popen[bytes] | warm.Started:
    """Start a runner in a session of its own, which ends with this process: warm where that is offered."""
    if address := os.environ.get(warm.VARIABLE):
        return warm.start(address, words, environment, log, session=True)
    leashed = {**environment, leash.VARIABLE: str(os.getpid())}
    command = [sys.executable, *words]
    return subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True, env=leashed)


def apart(options: Sequence[str]) -> tuple[list[str], list[str]]:
    """Tell places of scenarios (``synthetics/quota``, ``…/test_x.py::test_y``) from options: where some are named, nothing else is collected."""
    places = [each for each in options if each.startswith(f"{SCENARIOS}/") and (ROOT / each.partition("::")[0]).exists()]
    return places, [each for each in options if each not in places]


def spread(options: Iterable[str]) -> list[str]:
    """Return the runner's options, with the plugin that spreads it over processes where they ask for it."""
    given = list(options)
    return [*(("-p", "xdist") if any(each.startswith(("-n", "--numprocesses", "--dist", "--tx")) for each in given) else ()), *given]


def loading(options: Sequence[str], *, browsers: bool = False) -> list[str]:
    """Return the options that load the plugins: a runner by API does without the one for browsers, unless it meets `browsers` all the same."""
    by_api = not browsers and ("--surface=api" in options or ("--surface", "api") in pairwise(options))
    wanted = [*(PLUGINS[:1] if by_api else PLUGINS), *(f"no:{name}" for name in UNUSED)]
    return [word for plugin in wanted for word in ("-p", plugin)]


def perished(code: int | None) -> str:
    """Say how an attempt was lost whose runner ended with `code` and left it under way."""
    if code is not None and code >= 0:
        return f"the process that ran it died, or left without a word; its runner ended with exit code {code}"
    return "its runner was killed by the supervisor" if code is None else f"its runner was killed by {signal.Signals(-code).name}"


def kill(number: int) -> None:
    """Kill a process, and wait until it is gone."""
    with contextlib.suppress(ProcessLookupError):
        handle = os.pidfd_open(number)
        try:
            signal.pidfd_send_signal(handle, signal.SIGKILL)
            select.select([handle], [], [], DYING)
        finally:
            os.close(handle)


def started_by(run: str) -> list[int]:
    """Return the processes that a runner of this run started, and theirs: they inherited the live target in their environment (Linux)."""
    found, mark, name = [], run.encode(), f"{lives.VARIABLE}=".encode()
    for place in Path("/proc").glob("[0-9]*"):
        try:
            environment = (place / "environ").read_bytes()
        except OSError:  # it has ended, or is somebody else's
            continue
        if mark in environment and any(each.startswith(name) and mark in each for each in environment.split(b"\0")):
            found.append(int(place.name))
    return found
