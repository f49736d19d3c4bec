"""``synthetics run``: sweep a target once, and say whether every promise was kept."""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from cli import beside, chain
from cli.supervisor import GRACE, Cancelled, Ended, Supervisor
from fixtures import chromium, janitor, runs
from fixtures import live as lives
from fixtures import target as targets
from fixtures.live import Live
from fixtures.runs import Run
from fixtures.target import Target
from flows.blame import ProductFault, SuiteFault, TargetUnreachable
from flows.contract.driver import Surface
from launch import package
from launch.package import Launch
from launch.reading import BadInput
from products.wiring import signing_up
from reports import junit, site
from reports.heartbeat import Beat
from reports.site import summary
from verdicts import run as verdict
from verdicts.history import runs as history
from verdicts.history.store import StoreTrouble
from verdicts.outcome import Outcome, Status, from_object, read

HELP = "sweep a target once, through the browser and the API, and write the reports; pytest options go behind --"
USAGE_ERROR = 4
"""pytest's own exit code for bad usage."""

RESTARTS = 5
"""How many runners may be killed in one attempt at everything before it is given up."""

CANCELLED = 4.0
"""Seconds in which the janitor of a cancelled run begins with something else; CI sends SIGTERM 7.5 s after SIGINT, and kills what is left 2.5 s later."""

NAMED = 20
"""So many of the things that earlier runs left are named; the rest is counted."""

COLLECTING = re.compile(r"_+ ERROR collecting (\S+) _+")
"""pytest's headline above what a file raised."""

MARK = {
    Status.PASSED: "[green]ok[/]",
    Status.FAILED: "[bold red]BROKEN[/]",
    Status.DEGRADED: "[yellow]slow[/]",
    Status.ERROR: "[magenta]cannot tell[/]",
    Status.INCOMPLETE: "[magenta]incomplete[/]",
    Status.BLOCKED: "[blue]blocked[/]",
    Status.NOT_APPLICABLE: "[dim]n/a[/]",
    Status.QUARANTINED: "[dim]quarantined[/]",
}


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--target", required=True, help="a table of targets.toml")
    parser.add_argument("--surface", choices=[each.value for each in Surface], help="only this surface")
    parser.add_argument("--whole", action="store_true", help="what is selected behind -- is all that this target's schedule promises: judge its absence, too")
    parser.add_argument("--lanes", type=int, help="how many scenarios wait at once (default: the target's lanes.api; 1 is plain pytest)")
    parser.add_argument("--browser-lanes", type=int, help="how many of them in the browser (default: the target's lanes.browser)")
    parser.add_argument("--no-alerts", action="store_true", help="keep the run in the history, but judge nothing and tell nobody (for gates)")
    parser.add_argument("--no-confirm", action="store_true", help="do not try a second time what did not pass")
    parser.add_argument("--deadline", type=float, default=1800, help="seconds after which the whole run is ended (default: 1800)")
    parser.add_argument("--grace", type=float, default=GRACE, help=f"seconds past a scenario's deadline before its runner is killed (default: {GRACE:g})")


def run(options: argparse.Namespace) -> int:
    """Run, report, and return the exit code."""
    target = targets.load(options.target)
    targets.product(target)
    targets.mailbox(target, targets.require_secrets(target))
    launch = package.load()
    record = runs.create()
    console = Console(highlight=False)
    facts = begun(target, record, options)
    write(record, facts)
    code, reason = verdict.CANNOT_TELL, "the monitor itself broke; what it printed says why"
    with stoppable() as watching:
        after = Aftermath.begin(target, launch, record, options, console)
        try:
            code, reason = attempt(options, target, record, facts, console, watching, after.steps)
        finally:
            facts |= {"state": "ended", "ended": now(), "exit": code, "exit_reason": reason}
            write(record, facts)
            troubles = after.follow(code, hurried=bool(watching and watching[0].stopped))
    if troubles:
        code, reason = (code or verdict.CANNOT_TELL), "; ".join([reason, *troubles])
        write(record, {**facts, "exit": code, "exit_reason": reason})
    return report(record, code, reason, console)


def begun(target: Target, record: Run, options: argparse.Namespace) -> dict[str, Any]:
    """Return what ``run.json`` says of a run that has begun."""
    return {
        "run": record.id,
        "state": "running",
        "whole": whole_run(options),
        "cadence": target.cadence,
        "drill": chain.drilling(),
        "unreachable": False,
        "target": target.name,
        "url": target.url,
        "product": target.product,
        "version": None,
        "revision": revision(),
        "started": now(),
        "ended": None,
        "expected": [],
        "executed": 0,
        "exit": None,
        "exit_reason": "still running",
        "location": target.location,
        "command": shlex.join(["synthetics", *sys.argv[1:]]),
        "browser": None,
        "python": platform.python_version(),
        "rounds": 0,
        "left_behind": [],
        "swept": 0,
    }


def whole_run(options: argparse.Namespace) -> bool:
    """Tell whether this run is all that is promised of the target's schedule; a selection is, where it says so."""
    return bool(options.whole or (not options.rest and options.surface is None))


@dataclass
class Aftermath:
    """What follows a sweep: the history, the verdict, the alerts and the heartbeat. `steps` is None where the history cannot be used."""

    target: Target
    launch: Launch
    record: Run
    quiet: bool
    steps: chain.Chain | None
    troubles: list[str]

    @classmethod
    def begin(cls, target: Target, launch: Launch, record: Run, options: argparse.Namespace, console: Console) -> Aftermath:
        """Write down that the run has begun, and tell the heartbeat's receivers."""
        after = cls(target, launch, record, options.no_alerts, None, [])
        if not after.quiet:
            chain.told(chain.beat(launch, record.id, Beat.START))
        try:
            after.steps = chain.opened(console, launch)
            with after.steps.history.begin() as tx:
                history.begin_run(
                    tx,
                    id=record.id,
                    target=target.name,
                    location=target.location,
                    whole=whole_run(options),
                    started=time.time(),
                    deadline=time.time() + options.deadline + options.grace,
                    host=socket.gethostname(),
                    pid=os.getpid(),
                    cadence=target.cadence,
                    product=target.product,
                    drill=chain.drilling(),
                    folder=str(record.folder),
                )
        except StoreTrouble as trouble:
            after._broke(trouble)
        return after

    def follow(self, code: int, *, hurried: bool) -> list[str]:
        """Take the run into the history, judge, tell, and send the heartbeat; returns what of that could not be done."""
        if self.steps is not None:
            try:
                self.steps.take_in(self.record.folder)
                if not self.quiet:
                    self.steps.judge(self.target)
                    self.steps.tell(0.0 if hurried else chain.RETRYING)
                    self.troubles += self.steps.troubles
                if not hurried:
                    self.steps.tidy()
            except StoreTrouble as trouble:
                self._broke(trouble)
        if not self.quiet:
            well = code in {verdict.KEPT, verdict.BROKEN} and not self.troubles
            chain.told(chain.beat(self.launch, self.record.id, Beat.SUCCESS if well else Beat.FAIL))
        return self.troubles

    def _broke(self, trouble: StoreTrouble) -> None:
        """Tell the maintainers without the history that it cannot be used; the run itself goes on."""
        if not self.troubles and not self.quiet:
            beside.store_failed(trouble, self.target.name, drill=chain.drilling())
        self.troubles.append(str(trouble))
        self.steps = None


def attempt(
    options: argparse.Namespace,
    target: Target,
    record: Run,
    facts: dict[str, Any],
    console: Console,
    watching: list[Supervisor],
    steps: chain.Chain | None,
) -> tuple[int, str]:
    """Make the target live, sweep it, and return exit code and reason."""
    try:
        if options.surface != Surface.API or by_pages(target):
            facts["browser"] = chromium.find().why
        with lives.serving(target, record.id, record.folder) as live:
            facts |= {"url": live.url, **introduce(target, live)}
            write(record, facts)
            return sweep(options, target, record, live, facts, console, watching, steps)
    except TargetUnreachable as fault:
        facts["unreachable"] = True
        return verdict.CANNOT_TELL, f"target '{target.name}' is unreachable: {fault}"
    except ProductFault as fault:
        facts["unreachable"] = True
        return verdict.CANNOT_TELL, f"target '{target.name}' does not say who it is: {fault}"
    except (SuiteFault, Cancelled) as fault:
        return verdict.CANNOT_TELL, str(fault)
    except BadInput as bad:
        return verdict.USAGE, str(bad)


def by_pages(target: Target) -> bool:
    """Tell whether people can sign up on the product's pages alone, so that scenarios of the API begin there too."""
    return signing_up(targets.product(target)) == [Surface.BROWSER]


def introduce(target: Target, live: Live) -> dict[str, Any]:
    """Ask the product who it is before anything is sent to it: the preflight."""
    with janitor.wired(target, live) as wiring:
        return {"version": targets.product(target).version(wiring.client())}


def sweep(
    options: argparse.Namespace,
    target: Target,
    record: Run,
    live: Live,
    facts: dict[str, Any],
    console: Console,
    watching: list[Supervisor],
    steps: chain.Chain | None,
) -> tuple[int, str]:
    """Run every round, judge, and clean up."""
    extra = [*options.rest, *(["--surface", options.surface] if options.surface else [])]
    lanes = (options.lanes or target.lanes["api"], options.browser_lanes or target.lanes["browser"])
    with display(record, console) as told:
        until = time.monotonic() + options.deadline
        supervisor = Supervisor(run=record, live=live, target=target.name, lanes=lanes, until=until, told=told, grace=options.grace, browsers=by_pages(target))
        watching.append(supervisor)
        rounds = whole(supervisor, 1, extra)
        if rounds[0].code == USAGE_ERROR:
            raise BadInput(complaint(supervisor.log))
        if not options.no_confirm:
            rounds += confirm(supervisor, extra, {name for each in rounds for name in each.suspects})
    outcomes = list(read(record.outcomes))
    expected = [{key: each[key] for key in ("scenario", "surface", "nodeid")} for each in supervisor.progress.expected.values()]
    facts |= {"expected": expected, "executed": len(outcomes), "rounds": len(rounds), "lanes": {"api": lanes[0], "browser": lanes[1]}}
    code, reason = verdict.conclude(outcomes, {(each["scenario"], each["surface"]) for each in expected})
    if supervisor.stopped:
        code, reason = (code if code == verdict.BROKEN else verdict.CANNOT_TELL), f"{reason}; {supervisor.stopped}"
    elif not outcomes:
        code, reason = verdict.CANNOT_TELL, f"nothing was tried; {rounds[-1].why or f'the runner said: {complaint(supervisor.log)}'}"
    write(record, {**facts, "ended": now(), "exit": code, "exit_reason": reason})  # whoever stopped the run may not wait for what follows
    facts["left_behind"] = left = janitor.remove_left(target, live, record.ledger, within=CANCELLED if supervisor.cancelled else janitor.WITHIN)
    if steps is not None and not supervisor.stopped:
        left += clean_up(steps, target, live, facts, console)
    return code, reason + (f"; {len(left)} things left behind" if left else "")


def clean_up(steps: chain.Chain, target: Target, live: Live, facts: dict[str, Any], console: Console) -> list[str]:
    """Remove what earlier runs left that died; return a sentence for each thing that is left. A history that fails says so when this run goes into it."""
    with suppress(StoreTrouble):
        facts["swept"], left = steps.sweep(target, live, age=janitor.AGE, within=janitor.EARLIER)
        if facts["swept"]:
            console.print(f"swept of what earlier runs left: {facts['swept']}", markup=False)
        return left if len(left) <= NAMED else [*left[:NAMED], f"{len(left) - NAMED} more things that earlier runs made"]
    return []


def whole(supervisor: Supervisor, number: int, extra: list[str], only: Sequence[str] | None = None) -> list[Ended]:
    """Make an attempt at everything: after a runner that was killed, a new one goes on with what it had not begun."""
    rounds = [supervisor.round(number, extra, only=only)]
    while rounds[-1].died and rounds[-1].unstarted and not supervisor.stopped and len(rounds) <= RESTARTS:
        rounds.append(supervisor.round(number, extra, only=rounds[-1].unstarted))
    return rounds


def confirm(supervisor: Supervisor, extra: list[str], suspects: set[str]) -> list[Ended]:
    """Try a second time, whole and on fresh data, what did not pass; those that hung, each alone."""
    names = [outcome.nodeid for outcome in verdict.to_confirm(read(supervisor.run.outcomes))]
    together = [name for name in names if name not in suspects]
    batches = ([together] if together else []) + [[name] for name in names if name in suspects]
    return [ended for batch in batches if not supervisor.stopped for ended in whole(supervisor, 2, extra, batch)]


@contextmanager
def stoppable() -> Iterator[list[Supervisor]]:
    """Let SIGINT and SIGTERM, as a CI cancel sends them, end the run at once and leave time for the report.

    What is yielded is to be given the supervisor, once there is one: before, the first signal raises `Cancelled` where the run stands.
    """
    watching: list[Supervisor] = []
    heard: list[str] = []

    def stop(number: int, _: object) -> None:
        heard.append(f"stopped by {signal.Signals(number).name}")
        if watching:
            watching[0].cancel(heard[0])
        elif len(heard) == 1:
            raise Cancelled(heard[0])

    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield watching
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def display(record: Run, console: Console) -> Iterator[Any]:
    """Show progress: a bar on a terminal, and a line for each attempt that did not pass."""
    read_to = 0
    bar = Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    task = bar.add_task("collecting", total=None)

    def told(event: dict[str, Any]) -> None:
        nonlocal read_to
        if event["event"] == "collected":
            what = "sweeping" if event["attempt"] == 1 else "trying again what did not pass"
            bar.update(task, description=what, total=len(event["items"]), completed=0)
            console.print(f"{what}: {len(event['items'])} scenarios on their surfaces")
        elif event["event"] == "finished":
            bar.advance(task)
            for end, each in runs.records(record.outcomes, read_to):
                read_to = end
                with suppress(ValueError):  # as `read` does: what is no outcome is passed over
                    tell(from_object(each), bar.console)

    with bar:
        yield told


def tell(outcome: Outcome, console: Console) -> None:
    """Print one attempt."""
    if outcome.status is Status.NOT_APPLICABLE:
        return
    console.print(
        f"  {MARK[outcome.status]} {outcome.scenario} [dim]{outcome.surface}, {outcome.seconds:.1f} s[/]"
        + (f", attempt {outcome.attempt}" if outcome.attempt > 1 else "")
    )
    if outcome.error:
        console.print(f"      {outcome.error[:400]}", markup=False, style="dim")


def report(record: Run, code: int, reason: str, console: Console) -> int:
    """Write what people read, and say where it is."""
    junit.write(record.folder)
    page = site.build(record.folder)
    console.print(summary.summarise(record.folder), markup=False)
    console.print(f"report   {page}", markup=False, soft_wrap=True)
    console.print(f"run      {record.folder}", markup=False, soft_wrap=True)
    console.print(f"exit {code}: {reason}", markup=False, style="green" if code == verdict.KEPT else "bold red", soft_wrap=True)
    return code


def complaint(log: Path) -> str:
    """Return what a runner that could not start has said: pytest's ERROR lines, what was raised in which file, or its last lines."""
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() if log.exists() else []
    first = next((index for index, line in enumerate(lines) if line.startswith("ERROR: ")), len(lines))
    said = [line.removeprefix("ERROR: ") for line in lines[first:]]
    where = ""
    for line in lines[:first]:
        if found := COLLECTING.fullmatch(line):
            where = f"{found[1]}: "
        elif line.startswith("E  "):
            said.append(where + line.removeprefix("E").strip())
    return "\n".join(said or lines[-5:]).strip() or "nothing"


@cache
def revision() -> str | None:
    """Return the revision of this suite, None outside a checkout."""
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=targets.ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or None


def now() -> str:
    """Return the time as ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def write(record: Run, facts: dict[str, Any]) -> None:
    """Write ``run.json`` whole or not at all."""
    draft = record.folder / ".run.json"
    draft.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    draft.replace(record.folder / "run.json")
