"""The chain behind a sweep: the run goes into the history, is judged, and what follows is told. Each step can die at any point; the next one goes on."""

from __future__ import annotations

import json
import os
import secrets
import socket
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from cli import beside
from fixtures import janitor
from fixtures import runs as folders
from fixtures import target as targets
from fixtures.ledger import Entry
from fixtures.live import Live
from fixtures.target import Target
from launch import package
from launch.package import Launch
from launch.reading import BadInput, Table
from reports import heartbeat, routing
from reports.delivery import Courier, Pass
from reports.heartbeat import Beat
from reports.outbox import Desk, Judged
from verdicts.history import leases, ledger, notes, runs
from verdicts.history.ledger import Thing
from verdicts.history.store import History, prune
from verdicts.view import Expiring, Turn, Watched

RETRYING = 20.0
"""Seconds for which a run waits for what could not be delivered at once."""

PRUNED, DAY = "pruned", 86400.0

DRILL = "SYNTHETICS_DRILL"
"""The environment variable that a rehearsal sets: runs and alerts are marked as a drill. Scenarios and drivers never look at it."""


def holder() -> str:
    """Return a name that tells this process from every other, on this machine or another."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def drilling() -> bool:
    """Tell whether this is part of a rehearsal."""
    return bool(os.environ.get(DRILL))


def alive(pid: int) -> bool:
    """Tell whether a process of this machine is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@dataclass
class Chain:
    """The steps, for one process. `troubles` gathers what the exit code must tell."""

    history: History
    launch: Launch
    console: Console
    name: str = field(default_factory=holder)
    troubles: list[str] = field(default_factory=list)

    def take_in(self, folder: Path) -> None:
        """Import a run's folder, and give up the runs that died before they could say so."""
        with self.history.begin() as tx:
            runs.import_folder(tx, folder)
        self.give_up_dead()

    def give_up_dead(self) -> list[str]:
        """Turn running rows of dead runs into incomplete ones."""
        with self.history.begin() as tx:
            return runs.give_up_dead(tx, time.time(), socket.gethostname(), alive)

    def mislabelled(self, folder: Path) -> str:
        """Say why a run's folder is not what it says: it met another address than its target has; nothing where all is well. The maintainers are told."""
        facts = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        name, met = str(facts.get("target", "")), str(facts.get("url", ""))
        url = targets.load(name).url if name in targets.names() else None
        if url is None or not met or met.rstrip("/") == url:
            return ""
        trouble = f"{folder}: run {facts.get('run')} says that it is of '{name}', which is {url}, and it met {met}; it is not taken into the history"
        beside.label_wrong(self.launch, trouble, name, drill=drilling())
        return trouble

    def judge(self, target: Target) -> Judged:
        """Judge a target, and write what follows into the outbox."""
        self._free_leases()
        judged = Desk(self.history, self.launch, self.name, drill=drilling()).judge(watched(target, self.launch), expiring(target), time.time())
        for change in judged.changes or ():
            if change.turn is not Turn.SEEN:
                self.console.print(
                    f"alert {change.turn}: {change.scenario} ({change.failure}), owner {change.owner or 'as before'}: {change.why}", markup=False
                )
        return judged

    def tell(self, patience: float = RETRYING) -> Pass:
        """Deliver what waits."""
        self._free_leases()
        done = Courier(self.history, self.launch, self.name, now=time.time, pause=time.sleep).deliver(patience=patience)
        for line in done.lines:
            if line.trouble:
                print(f"channel '{line.channel}': {line.later + line.dead} not delivered: {line.trouble}", file=sys.stderr)
        if done.all_failed:
            self.troubles.append("no channel takes messages")
        beside.store_works(self.launch, drill=drilling())
        return done

    def left(self, target: Target, age: float) -> dict[str, list[Thing]]:
        """Return what runs that are over have left in a target for longer than `age` seconds, by run; those that died are given up first."""
        self.give_up_dead()
        found: dict[str, list[Thing]] = defaultdict(list)
        now = time.time()
        with self.history.begin() as tx:
            ledger.settle(tx, target.name, now)
            for thing in ledger.left(tx, target.name, now, age):
                found[thing.run].append(thing)
        return found

    def sweep(self, target: Target, live: Live, *, age: float, within: float) -> tuple[int, list[str]]:
        """Remove what earlier runs left; return how many things are gone now, and a sentence for each that is left.

        After `within` seconds nothing else is begun with: the next run goes on.
        """
        until = time.monotonic() + within
        swept, left = 0, []
        found = self.left(target, age)
        if found and (why := janitor.hindered(target)):
            return 0, [f"{sum(map(len, found.values()))} things that earlier runs made: {why}"]
        for run, things in found.items():
            entries = [Entry(kind=each.kind, name=each.name, id=each.product_id, key=each.key) for each in things]
            if (remains := until - time.monotonic()) <= 0:
                left += [f"{each.kind} {each.name}: not tried, because what came before took too long" for each in things]
                continue
            gone, still = janitor.sweep(target, live, run, entries, within=remains)
            with self.history.begin() as tx:
                swept += sum(ledger.mark_gone(tx, run, each.key, time.time()) for each in gone)
            left += still
        return swept, left

    def tidy(self) -> None:
        """Forget what is old, once a day."""
        now = time.time()
        with self.history.begin() as tx:
            last = notes.at(tx, PRUNED)
            if last is not None and now - last < DAY:
                return
            notes.put(tx, PRUNED, "", now)
        gone = prune(self.history, now)
        if gone.runs:
            self.console.print(f"history: old runs forgotten: {gone.runs}", markup=False)

    def _free_leases(self) -> None:
        """Take a lease from a process of this machine that is dead, so that nobody waits for it."""
        with self.history.begin() as tx:
            now = time.time()
            for name, (held_by, fence) in leases.holders(tx, now).items():
                host, pid, _ = (*held_by.split(":"), "", "")[:3]
                if host == socket.gethostname() and pid.isdigit() and not alive(int(pid)):
                    leases.release(tx, name, fence, now)


def opened(console: Console, launch: Launch | None = None) -> Chain:
    """Open the history, and the launch package where it is not at hand.

    Raises:
        BadInput: an entry, a channel or a secret is wrong.
        StoreTrouble: the history cannot be used.
    """
    launch = launch or package.load()
    history = History.open(artifacts=folders.artifacts())
    chain = Chain(history, launch, console)
    if history.set_aside:
        trouble = f"the history was damaged; it is kept as {history.set_aside}, and a new one was begun from the runs in {folders.artifacts()}"
        print(trouble, file=sys.stderr)
        beside.store_lost(launch, trouble, drill=drilling())
    return chain


def watched(target: Target, launch: Launch) -> Watched:
    """Return what judgement needs to know of a target. One that is served for its own run is on no schedule."""
    return Watched(
        name=target.name,
        owner=target.owner,
        maintainers=launch.alerting.maintainers,
        cadence=target.cadence,
        locations=target.locations,
        agree=target.agree,
        scheduled=not target.served,
    )


def expiring(target: Target) -> list[Expiring]:
    """Return the credentials of a target that run out at a time that its table tells."""
    return [
        Expiring(what=f"secrets.{name}", at=secret.expires, owner=target.owner, title=f"The credential '{name}' of {target.name} is valid.")
        for name, secret in target.secrets.items()
        if secret.expires is not None
    ]


def chosen(name: str | None) -> list[Target]:
    """Return the target of this name; without one, every target that runs on a schedule."""
    if name:
        return [targets.load(name)]
    return [target for target in map(targets.load, targets.names()) if not target.served]


def beat(launch: Launch, run: str, event: Beat) -> list[str]:
    """Tell the heartbeat's receivers that a run began, went well, or failed; returns what could not be told."""
    try:
        receivers = heartbeat.read(Table(launch.alerting.file, "heartbeats", dict(launch.alerting.heartbeats)), routing.from_environment)
    except BadInput as bad:
        return [str(bad)]
    return [f"heartbeat '{each.receiver}': {each.said}" for each in heartbeat.beat(receivers, event, run) if not each.ok]


def told(troubles: Iterable[str]) -> None:
    """Print troubles where people look for them."""
    for trouble in troubles:
        print(trouble, file=sys.stderr)
