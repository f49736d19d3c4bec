"""One drill: a fault is injected, the real chain runs, and all that happens is written down. It decides nothing: `rehearsal.assess` does, from the events.

The clock: t0 inject, t1 the oracle sees it, t2 first failing outcome, t3 alert decided, t4 received at the owner's sink, t5 acknowledged, t6 roll back,
t7 the oracle sees it no more, t8 resolve received.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urljoin

import httpx

from rehearsal import rollback, runbook
from rehearsal.assess import FULL
from rehearsal.board import Board, Switch
from rehearsal.events import Events
from rehearsal.fault import Fault, Layer
from rehearsal.ground import ROOT, Ground
from rehearsal.pager import Rules
from rehearsal.probe import Probe, look, until
from rehearsal.receiver import Receiver, Reply, Request
from rehearsal.stage import FALLBACK, HEART, HEARTBEAT, Stage, cold, routing_key, variable, write_launch, write_targets
from rehearsal.watchdog import Watchdog
from rehearsal.wire.proxy import Wire, proxy
from reports.outbox import Desk
from verdicts.history import alerts
from verdicts.history.alerts import Alert
from verdicts.history.store import History
from verdicts.outcome import Outcome, Status
from verdicts.outcome import read as read_outcomes
from verdicts.view import POOL

T = TypeVar("T")

HEALTH_WITHIN = 3.0
"""Seconds that a health check is waited for: as long as a balancer would."""

LIVE_WITHIN = 20.0
"""Seconds in which the oracle must see a fault once it is injected, and no longer see it once it is cleared."""

LIVE_AT_MOST = 100.0
"""Seconds in which it must at a lower intensity, where a look meets it seldom: less than any fault's expiry, so that it is still there for the runs."""

LONG = 600.0
"""Seconds after which a fault at a lower intensity ends by itself: its runs are more."""

BASELINES = 3
"""So often the product is looked at before anything is broken, where the machine was too busy for it to be in time."""

HISTORY = "history.sqlite"

CLEAN_RUNS = 4
"""So many runs at the most after the rollback: an alert closes after two clean ones."""

RUN_WITHIN = 240.0
"""Seconds for one run of the suite in a drill."""

AT_START = ("LD_", "PYTHON", "PYTEST_")
"""How the names of variables begin that are read before a command can set them."""

BYSTANDERS = "bystanders.example.net"
"""The mail domain of people whom no fault concerns."""


@dataclass
class Drill:
    """A fault on its way: where it is written, what it is played on, and what it is told by. `facts` is what a fault's `act` tells its oracle."""

    fault: Fault
    stage: Stage
    grounds: Callable[[Drill], AbstractContextManager[Ground]]
    """Gives the ground when the drill's turn comes: one that is shared, or one of its own."""
    folder: Path
    dog: Watchdog
    dose: int = 100
    wide: bool = False
    wire: Wire | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    changed: dict[str, Any] = field(default_factory=dict)
    """Keys of the target's table that are other in this drill."""
    settings: dict[str, Any] = field(default_factory=dict)
    """What a fault's `act` adds to the settings of its switch."""
    told: Callable[[str], None] = lambda _: None

    def __post_init__(self) -> None:
        """Open its file of events."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.name = f"{self.fault.id}-{self.dose}" if self.dose != FULL else self.fault.id
        self.events = Events(self.folder / "events.jsonl")
        self.rules = Rules(log=self._received)
        self.beating = True
        self.board = Board(self.folder / "board")
        self._history: History | None = None
        self._known: dict[int, str] = {}
        self._swept = 0
        self.last: dict[str, Any] = {}
        self.left = 0
        self.tried: list[str] = []

    # -- where it takes place ------------------------------------------------------------------------------------------

    @property
    def domain(self) -> str:
        """The mail domain of this drill's people: it is the fault's scope."""
        return f"{self.name.lower()}.people.example.com"

    @property
    def scope(self) -> str:
        """The mail domain of those whom the fault concerns; empty is everybody."""
        return self.domain if self.fault.scope is None else self.fault.scope

    @property
    def owners(self) -> list[str]:
        """Whoever can be told, the fallback included."""
        return [*self.stage.launch.owners, FALLBACK]

    @property
    def own(self) -> bool:
        """Tell whether each command needs an interpreter of its own: what is wrong with it is read by that or by the system's loader, when it starts."""
        return any(name.startswith(AT_START) for name in self.environment)

    def prepare(self) -> None:
        """Write what the suite reads in this drill: targets, launch package and history."""
        self.write_target()
        self.begin_history()
        write_launch(self.folder / "launch", self.stage, self.pager.url)

    def begin_history(self) -> None:
        """Let the drill begin with a history in which nothing happened."""
        if self.stage.blank:
            shutil.copyfile(self.stage.blank, self.folder / HISTORY)
        else:
            (self.folder / HISTORY).unlink(missing_ok=True)

    def write_target(self) -> None:
        """Write the target's table, with what has changed in it."""
        proxy, ca = (self.wire.address, self.wire.ca) if self.wire else (None, None)
        write_targets(self.folder / "targets.toml", self.stage, self.ground, self.domain, self.changed, proxy=proxy, ca=ca)

    def surroundings(self) -> dict[str, str]:
        """Return the environment of the suite's commands in this drill."""
        return {
            **os.environ,
            "SYNTHETICS_TARGETS": str(self.folder / "targets.toml"),
            "SYNTHETICS_LAUNCH": str(self.folder / "launch"),
            "SYNTHETICS_HISTORY": str(self.folder / HISTORY),
            "SYNTHETICS_ARTIFACTS": str(self.folder / "runs"),
            "SYNTHETICS_DRILL": self.stage.rehearsal,
            **{variable(owner): routing_key(self.name, owner) for owner in self.owners},
            **{f"REHEARSAL_SECRET_{name.upper()}": value for name, value in self.ground.secrets.items()},
            **self.environment,
        }

    def synthetics(self, *arguments: str, within: float = RUN_WITHIN) -> subprocess.CompletedProcess[str]:
        """Run a command of the suite, and return what it said; its output is kept in the drill's log."""
        command = ["-m", "cli.main", *arguments]
        with tempfile.TemporaryFile() as output:
            process = (cold if self.own else self.stage.start)(command, self.surroundings(), output)
            try:
                code = process.wait(within)
            finally:
                process.kill()
                process.wait()
            output.seek(0)
            said = output.read().decode(errors="replace")
        with (self.folder / "commands.log").open("a", encoding="utf-8") as log:
            log.write(f"$ synthetics {' '.join(arguments)}\n{said}exit {code}\n\n")
        return subprocess.CompletedProcess(command, code, said)

    # -- what happens in it ---------------------------------------------------------------------------------------------

    def sweep(self, phase: str, scenarios: Sequence[str], within: float = RUN_WITHIN) -> dict[str, Any]:
        """Run scenarios once through the real chain, in `within` seconds, and write down what came of it."""
        began = time.time()
        self._swept += 1
        known = {each.name for each in self._runs()}
        surfaces = ["--surface", *self.fault.surfaces] if len(self.fault.surfaces) == 1 else []
        whole = ["--whole"] if self.fault.whole else []
        done = self.synthetics("run", "--target", self.stage.target, *whole, *surfaces, "--", *self.stage.selection(scenarios), within=within)
        folder = next((each for each in self._runs() if each.name not in known), None)
        outcomes = list(read_outcomes(folder / "outcomes.jsonl")) if folder and (folder / "outcomes.jsonl").exists() else []
        facts = json.loads((folder / "run.json").read_text(encoding="utf-8")) if folder and (folder / "run.json").exists() else {}
        met = [
            [each.scenario, each.surface, each.attempt, each.status.value, (each.error or "")[:300], ended(each)]
            for each in outcomes
            if each.status is not Status.NOT_APPLICABLE
        ]
        said = {
            "run": folder.name if folder else "",
            "exit": done.returncode,
            "reason": facts.get("exit_reason", ""),
            "outcomes": met,
            "left_behind": len(facts.get("left_behind") or []),
        }
        self.last = said
        self.left += said["left_behind"]
        self.events.add("run", phase=phase, began=began, **said)
        self.note_alerts()
        return said

    def slot(self, phase: str, scenarios: Sequence[str]) -> dict[str, Any]:
        """Let one slot of the schedule pass: a run, or what the fault has in its place; returns what the last run said."""
        began, swept = time.time(), self._swept
        if self.fault.instead is None:
            return self.sweep(phase, scenarios)
        self.fault.instead(self, phase)
        if self._swept == swept:
            self.last = {"run": "", "exit": 0, "reason": "", "outcomes": [], "left_behind": 0}
            self.events.add("run", phase=phase, began=began, **self.last)
        self.note_alerts()
        return self.last

    def forget_history(self) -> None:
        """Let go of the history's file, before it is damaged or exchanged."""
        if self._history is not None:
            self._history.close()
            self._history = None

    def note_alerts(self) -> list[Alert]:
        """Write down which alerts have opened or closed since the last look; returns those that are open."""
        with self.history.reading() as tx:
            now_open = alerts.still_open(tx)
            closed = alerts.closed_since(tx, 0.0)
        for state, each in [*(("open", each) for each in now_open), *(("closed", each) for each in closed)]:
            if self._known.get(each.id) == state:
                continue
            if each.id not in self._known:
                facts = {"scenario": each.scenario, "owner": each.owner, "severity": each.severity, "failure": each.failure, "drill": each.drill}
                self.events.add("decided", at=each.opened, alert=each.id, key=each.key, runbook=each.runbook, why=each.why, **facts)
            if state == "closed":
                self.events.add("closed", at=each.closed, alert=each.id, key=each.key, why=each.closed_why)
            self._known[each.id] = state
        return now_open

    @property
    def history(self) -> History:
        """The drill's own history, as the suite left it."""
        if self._history is None:
            self._history = History.open(f"sqlite:///{self.folder / HISTORY}")
        return self._history

    def sinks(self) -> list[dict[str, Any]]:
        """Return what has arrived at the owners' sinks, in order: owner, action, key."""
        return [{**each, "owner": self.owner_of(each["routing_key"])} for each in self.rules.events if "event_action" in each]

    def owner_of(self, key: str) -> str:
        """Return whose sink a routing key is; the fallback is the maintainers' own."""
        found = next((owner for owner in self.owners if routing_key(self.name, owner) == key), "nobody")
        return self.stage.launch.alerting.maintainers if found == FALLBACK else found

    def arrived(self, scenario: str) -> bool:
        """Tell whether a trigger of this scenario's alert has arrived at anybody's sink, or the heartbeat failed, where that is what is asked for."""
        if scenario == HEART:
            return not self.beating
        return any(each["event_action"] == "trigger" and each["payload"]["component"] == scenario for each in self.sinks())

    def look(self, domain: str | None = None) -> tuple[str, str]:
        """Ask the oracle once: what is wrong, and what kept it from telling."""
        oracle = self.fault.oracle
        if oracle is None:
            return "", "no oracle"
        return look(oracle, lambda: self.probe(domain))

    def ask_health(self) -> None:
        """Write down what the product says of itself, asked as its balancer would: past the wire's proxy, at the address that `facts` names where one is."""
        path = str(self.stage.table.get("health", ""))
        if not path or self.fault.layer is Layer.MONITOR or self.fault.control:
            return
        url = str(self.facts.get("health") or urljoin(f"{self.ground.url}/", path))
        with self.ground.probe(BYSTANDERS) as probe:
            try:
                answer = probe.client().get(url, timeout=HEALTH_WITHIN)
            except httpx.TransportError as trouble:
                self.events.add("health", url=url, green=False, said=f"no answer within {HEALTH_WITHIN:g} s: {type(trouble).__name__}")
            else:
                self.events.add("health", url=url, green=answer.is_success, said=f"{answer.status_code} {answer.reason_phrase}".strip())

    def probe(self, domain: str | None = None) -> Probe:
        """Return a probe on the same way to the product as the suite takes."""
        proxy, ca = (self.wire.address, self.wire.ca) if self.wire else (None, None)
        return self.ground.probe(domain or self.domain, proxy, ca, self.facts)

    @contextmanager
    def injected(self) -> Iterator[Callable[[], None]]:
        """Inject the fault, and take it away again at the end; yields what rolls it back sooner."""
        with ExitStack() as undo:
            if self.fault.act is not None:
                undo.enter_context(self.fault.act(self))
            now = time.time()
            if self.fault.inject is not None:
                undo.enter_context(self.switched_on(self.fault.id))
            if self.fault.rules:
                settings = {**self.fault.settings, "rules": [dict(each) for each in self.fault.rules], "begun": now}
                self.board.put(replace(self.switch(self.fault.id), settings=settings))
                undo.callback(self.board.clear, self.name)
            yield undo.close

    def switch(self, fault: str) -> Switch:
        """Return the switch of a fault for the people whom it concerns: those of this drill, where it does not say otherwise."""
        expiry = self.fault.expiry if self.dose == FULL else max(self.fault.expiry, LONG)
        return Switch(self.name, fault, time.time() + expiry, self.scope, self.dose / FULL, {**self.fault.settings, **self.settings})

    @contextmanager
    def switched_on(self, fault: str) -> Iterator[None]:
        """Switch on a fault of the application, this drill's or another's, until the block ends."""
        self.ground.board.put(self.switch(fault))
        try:
            yield
        finally:
            self.ground.board.clear(self.name)

    def is_in(self) -> bool:
        """Tell whether its switch is on, and has not expired."""
        return any(each.drill == self.name for each in self.ground.board.on())

    def play(self, runs: Callable[[Drill], None] | None = None) -> None:
        """Play the whole drill. Whatever happens, the fault is taken away and the pager closed. `runs` takes the place of its runs while the fault is in."""
        with Receiver(self._answer) as self.pager, ExitStack() as stack:
            try:
                self.ground = stack.enter_context(self.grounds(self))
                if self.fault.rules:
                    self.wire = stack.enter_context(proxy(self.folder / "wire", self.board.folder, self.ground.ca, self.stage.wires))
                self._play(runs or Drill._slots)
            except Exception as broken:  # noqa: BLE001 -- the other drills go on; this one is told as one that could not tell
                self.events.add("broken", error=f"{type(broken).__name__}: {broken}")
                self.told(f"{self.name} cannot tell: {broken}")
            finally:
                self.events.add("end")
                self.forget_history()

    def afresh(self) -> None:
        """Forget all that was written down, to be played anew."""
        shutil.rmtree(self.folder)
        self.__post_init__()

    def _play(self, runs: Callable[[Drill], None]) -> None:
        fault = self.fault
        self.tried = tried = self.stage.tried(fault, wide=self.wide)
        expects = {"scenario": fault.expects.scenario, "owner": fault.expects.owner, "severity": fault.expects.severity} if fault.expects else None
        self.events.add(
            "begin",
            fault=fault.id,
            dose=self.dose,
            title=fault.title,
            layer=fault.layer.value,
            journey=fault.journey,
            risk=fault.risk,
            silent=fault.silent,
            expects=expects,
            permits=[
                *fault.permits,
                *([HEART] if fault.layer is Layer.MONITOR or (fault.expects and fault.expects.scenario.startswith(("target.", "monitor."))) else []),
            ],
            resolves=fault.resolves,
            runs=self.stage.runs(fault, self.dose),
            cadence=self.stage.cadence,
            detect_within=self.stage.launch.risks[fault.risk].detect_within if fault.risk else None,
            tried=tried,
            surfaces=list(fault.surfaces),
            target=self.stage.target,
            build=self.ground.version,
        )
        if fault.before is not None:
            fault.before(self)
        self.prepare()
        if not self._well():
            return
        self.events.add("inject")
        with self.injected() as undo:
            self._undo = undo
            if not self._live():
                return
            runs(self)
            self._roll_back(undo)
        self._recover(tried)

    def _well(self) -> bool:
        """See that all is well before anything is broken. Where a journey was told to be slow and nothing else, the machine was busy: it is asked again."""
        left = BASELINES
        while True:
            left -= 1
            baseline = self._shared_baseline() or self.slot("baseline", self.tried)
            if baseline["exit"] != 0:
                self.events.add("broken", error=f"the baseline is not green: exit {baseline['exit']}, {baseline['reason']}")
                return False
            early = self.note_alerts()
            if not early:
                return True
            names = ", ".join(each.scenario for each in early)
            if not left or self.to_resolve():
                where = "; where it is of a journey's speed, the machine is too busy"
                self.events.add("broken", error=f"an alert was open before anything was broken: {names}{where}")
                return False
            self.events.add("slow", alerts=names)
            self.forget_history()
            self._known.clear()
            self.begin_history()

    def baseline(self) -> None:
        """See that all is well before anything is broken, once for all the drills that share this ground, and write down on the stage what was kept."""
        try:
            with Receiver(self._answer) as self.pager, ExitStack() as stack:
                self.ground = stack.enter_context(self.grounds(self))
                self.prepare()
                self._note_green(self.sweep("baseline", self.stage.tried(self.fault), LONG))
                self.forget_history()
        finally:
            for surface in self.fault.surfaces:
                self.stage.looking[surface].set()

    def _note_green(self, said: dict[str, Any]) -> None:
        quiet = not self.note_alerts()
        worst: dict[tuple[str, str], bool] = {}
        for scenario, surface, _, status, *_ in said["outcomes"]:
            worst[scenario, surface] = worst.get((scenario, surface), True) and status == Status.PASSED
        self.stage.green.update({key: said["run"] for key, kept in worst.items() if kept and quiet})

    def _shared_baseline(self) -> dict[str, Any] | None:
        """Return what the shared baseline says of what this drill tries; None where it does not say so of all, or the drill's product or runs are its own."""
        fault = self.fault
        if fault.before or fault.instead or fault.exclusive or fault.whole:
            return None
        for surface in fault.surfaces:
            if surface in self.stage.looking:
                self.stage.looking[surface].wait()
        wanted = [(name, surface) for name in self.tried for surface in fault.surfaces if surface in self.stage.scenarios[name].surfaces]
        if not wanted or not all(key in self.stage.green for key in wanted):
            return None
        met = [[name, surface, 1, Status.PASSED.value, "", time.time()] for name, surface in wanted]
        said: dict[str, Any] = {"run": self.stage.green[wanted[0]], "exit": 0, "reason": "every promise kept", "outcomes": met, "left_behind": 0}
        self.events.add("run", phase="baseline", began=time.time(), shared=True, **said)
        return said

    def _live(self) -> bool:
        """Wait until the oracle sees the fault, and see that it sees nothing for others."""
        if self.fault.oracle is None:
            self.events.add("live", saw="")
            return True
        seen: tuple[str, str] = ("", "")

        def sees() -> bool:
            nonlocal seen
            seen = self.look(self.scope)
            return bool(seen[0])

        if not until(sees, min(LIVE_WITHIN * FULL / self.dose, LIVE_AT_MOST)):
            self.events.add("not live", trouble=seen[1])
            return False
        self.events.add("live", saw=seen[0])
        if self.fault.confined and self.scope:
            other, trouble = self.look(BYSTANDERS if self.fault.scope is None else self.domain)
            self.events.add("bystanders", saw=other, trouble=trouble)
        return True

    def _slots(self) -> None:
        """Let the suite run, once for each slot, until the alert has arrived or the budget of runs is used up."""
        expects = self.fault.expects
        self.ask_health()
        for _ in range(self.stage.runs(self.fault, self.dose)):
            self.slot("fault", self.tried)
            self.ask_health()
            if expects is not None and self.arrived(expects.scenario):
                break
        self._acknowledge()

    def _acknowledge(self) -> None:
        """Take the alerts that are open, as their owner would."""
        taken = []
        desk = Desk(self.history, self.stage.launch, f"rehearsal:{os.getpid()}:{self.name}", drill=True)
        with self.history.begin() as tx:
            for each in alerts.still_open(tx):
                desk.acknowledge(tx, each.id, "rehearsal", time.time())
                taken.append(each.id)
        if taken:
            self.events.add("acknowledged", alerts=taken)

    def _roll_back(self, undo: Callable[[], None]) -> None:
        """Do what the runbook says: look, then roll back by its own command. Without one, the fault is simply taken away."""
        over = threading.Event()
        serving = threading.Thread(target=rollback.serve, args=(self.folder, undo, over), daemon=True)
        serving.start()
        try:
            book = self.stage.place / self.stage.launch.risks[self.fault.risk].runbook if self.fault.risk else None
            for command in runbook.commands(book, Path(self.ground.product).name) if book else []:
                done = runbook.run(command, self._for_runbook())
                self.events.add("runbook", phase=command.phase, command=command.text, exit=done.exit, said=done.said[:500], runbook=book.name if book else "")
        finally:
            over.set()
            serving.join()
        self.events.add("roll back", by="runbook" if (self.folder / rollback.DONE).exists() else "rehearsal")
        undo()
        gone: tuple[str, str] = ("", "")

        def well() -> bool:
            nonlocal gone
            gone = self.look(self.scope) if self.fault.oracle else ("", "")
            return not gone[0] and not gone[1]

        self.events.add("gone" if until(well, LIVE_WITHIN) else "not gone", saw=gone[0], trouble=gone[1])

    def _for_runbook(self) -> dict[str, str]:
        """Return the environment of a runbook's commands."""
        expects = self.fault.expects
        found = [self.stage.commands] if self.stage.commands and not self.own else []
        return {
            **self.surroundings(),
            "URL": self.ground.url,
            "CA": str(self.ground.ca or ""),
            "TARGET": self.stage.target,
            "OPERATOR_TOKEN": self.ground.secrets.get("operator_token", ""),
            "MAIL_DOMAIN": self.domain,
            "SCENARIO": expects.scenario if expects else "",
            "ROLLBACK": f"{sys.executable} -m rehearsal.rollback {self.folder}",
            "PYTHONPATH": str(ROOT),
            "PATH": os.pathsep.join(map(str, [*found, Path(sys.executable).parent, os.environ.get("PATH", "")])),
        }

    def _recover(self, tried: Sequence[str]) -> None:
        """Remove what the runs could not, run clean until every alert has resolved, and look for what is left."""
        if self.left:  # a run's janitor met the fault, too; on the real schedule the next run would find what it left old enough to be removed
            done = self.synthetics("sweep", "--target", self.stage.target, "--older", "1s")
            self.events.add("swept", exit=done.returncode, said=done.stdout[-500:])
        for _ in range(CLEAN_RUNS):
            still = self.to_resolve()
            if not still and self.beating:
                break
            again = [name for name in tried if name in {each.scenario for each in still}]
            self.slot("clean", again or tried)
        with self.probe() as probe:
            left = self.fault.residue(probe) if self.fault.residue else ""
        switches = [each.drill for each in (*self.ground.board.on(), *self.board.on()) if each.drill == self.name]
        touched = len(self.wire.touched(self.name)) if self.wire else None
        self.events.add(
            "residue", looked=self.fault.residue is not None, saw=left, switches=switches, open=[each.id for each in self.to_resolve()], touched=touched
        )

    def to_resolve(self) -> list[Alert]:
        """Return the open alerts that two clean runs close. That of a journey's speed closes with its windows: hours, for which no drill waits."""
        return [each for each in self.note_alerts() if not each.scenario.endswith(f".{POOL}")]

    def _received(self, line: dict[str, Any]) -> None:
        """Write down what has arrived at a sink, at the moment when it did."""
        event = line["event"]
        payload = event.get("payload", {})
        details = payload.get("custom_details", {})
        self.events.add(
            "received",
            at=line["at"],
            owner=self.owner_of(event["routing_key"]),
            action=event.get("event_action", "change"),
            key=event.get("dedup_key", ""),
            scenario=payload.get("component", ""),
            severity=payload.get("severity", ""),
            summary=payload.get("summary", ""),
            runbook=details.get("Runbook", details.get("runbook", "")),
            effect=line["effect"],
        )

    def _answer(self, request: Request) -> Reply:
        """Answer as the pager, or as the heartbeat's receiver: that one pages the maintainers when a run went wrong, and is quiet once one went well."""
        if not request.path.startswith(HEARTBEAT):
            return self.rules(request)
        if request.path != f"{HEARTBEAT}/start":
            self._beat(failed=request.path == f"{HEARTBEAT}/fail")
        return Reply(200)

    def _beat(self, *, failed: bool) -> None:
        if failed is not self.beating:
            return
        self.beating = not failed
        maintainers = self.stage.launch.alerting.maintainers
        action, summary = ("trigger", "a run went wrong") if failed else ("resolve", "a run went well")
        self.events.add("received", owner=maintainers, action=action, key=HEART, scenario=HEART, severity="error", summary=summary, runbook="", effect="")

    def _runs(self) -> list[Path]:
        folder = self.folder / "runs"
        return sorted(each for each in folder.iterdir() if each.is_dir() and not each.is_symlink()) if folder.is_dir() else []


def ended(outcome: Outcome) -> float:
    """Return when an attempt ended, in seconds since the epoch."""
    return datetime.fromisoformat(outcome.started).timestamp() + outcome.seconds


def side_by_side(turns: Iterable[T], at_once: int, play: Callable[[T], Iterable[T]]) -> None:
    """Let `play` play what has its turn, so many at a time; what it returns has its turn next."""
    waiting, lock, over = list(turns), threading.Lock(), threading.Event()

    def work() -> None:
        while True:
            with lock:
                if not waiting:
                    return
                turn = waiting.pop(0)
            more = list(play(turn))
            with lock:
                waiting[:0] = [] if over.is_set() else more

    workers = [threading.Thread(target=work, name=f"drills-{number}") for number in range(at_once)]
    try:
        for each in workers:
            each.start()
        for each in workers:
            each.join()
    finally:
        with lock:
            over.set()
            waiting.clear()  # whoever was told to stop begins no further drill
