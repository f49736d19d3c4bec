"""``synthetics audit``: record each scenario once, replay it with one thing wrong at a time, and list what nobody notices."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console

from cli.list import collect
from cli.run import complaint
from cli.supervisor import ONLY_ASKED, loading
from fixtures import leash, runs
from fixtures import live as lives
from fixtures import target as targets
from fixtures.target import Target
from flows.blame import SuiteFault
from flows.contract.driver import Surface
from launch.reading import BadInput
from launch.vocabulary import JOURNEYS
from rehearsal.audit import accepted, judge, report
from rehearsal.audit.accepted import UNREPLAYABLE
from rehearsal.audit.judge import Fate
from rehearsal.audit.operators import OPERATORS, Known, Wrong, dealt, plan
from rehearsal.audit.tape import Tape
from rehearsal.audit.tape import load as read_tape

HELP = "can this scenario fail? Replays recorded answers with one thing wrong at a time, and lists what is not noticed as missing assertions"

PLUGIN = "fixtures.replay.plugin"
Tried = dict[str, list[tuple[Wrong, dict[str, Any]]]]


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--scenario", metavar="PATTERN", default="*", help="only scenarios whose id fits, for example 'quota.*' (default: all)")
    parser.add_argument("--journey", choices=list(JOURNEYS), help="only this journey")
    parser.add_argument("--target", default="embedded", help="where the healthy attempts are recorded (default: embedded)")
    parser.add_argument("--operators", metavar="NAMES", help=f"what may be wrong, separated by commas (default: all of {', '.join(OPERATORS)})")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many processes replay (default: one for each core)")


def run(options: argparse.Namespace) -> int:
    """Record, replay, judge, report, and return the exit code."""
    began = time.monotonic()
    chosen = operators(options.operators)
    permitted = accepted.load()
    target = targets.load(options.target)
    console = Console(highlight=False)
    items = wanted(options)
    folder = runs.artifacts() / runs.new_id()
    folder.mkdir(parents=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends an audit ends its recordings too
    with TemporaryDirectory(prefix="synthetics-audit-") as private, ExitStack() as stack:
        room = stack.enter_context(closing(Room(target, folder, Path(private), options.jobs)))
        tapes, untold = room.record([each["nodeid"] for each in items])
        console.print(f"{len(tapes)} of {len(items)} scenarios recorded in {time.monotonic() - began:.0f} s")
        sound = [tape for tape in tapes if tape.nodeid not in untold]
        known = Known.of(sound)
        wrongs = {tape.nodeid: [wrong for wrong in plan(tape, known, chosen) if room.heard[tape.nodeid] & wrong.other.keys()] for tape in sound}
        at_once, later = dealt(wrongs)
        console.print(f"{count(at_once)} things to be wrong, one at a time, in {options.jobs} processes")
        tried = room.replay(wrongs, at_once)
        noticed = {wrong.about for each in tried.values() for wrong, result in each if judge.fate(result) is Fate.NOTICED}
        later = {name: kept for name, places in later.items() if (kept := [place for place in places if wrongs[name][place].about not in noticed])}
        console.print(f"{count(later)} more, where none of the first scenarios noticed")
        for name, results in room.replay(wrongs, later).items():
            tried.setdefault(name, []).extend(results)
    for tape in sound:
        if len(tried.get(tape.nodeid, ())) < len(at_once.get(tape.nodeid, ())) + len(later.get(tape.nodeid, ())):
            untold[tape.nodeid] = "its replays were cut off"
    whole = options.scenario == "*" and options.journey is None and len(chosen) == len(OPERATORS)
    audit = judge.judge(tapes, untold, tried, permitted, whole=whole)
    page = report.write(audit, folder, target=target.name, seconds=time.monotonic() - began)
    report.show(audit, console)
    console.print(f"report   {page}", markup=False, soft_wrap=True)
    console.print(f"exit {audit.exit}: {report.sentence(audit)} ({time.monotonic() - began:.0f} s)", markup=False, soft_wrap=True)
    return audit.exit


def operators(given: str | None) -> frozenset[str]:
    """Read the option.

    Raises:
        BadInput: one is unknown.
    """
    names = frozenset(OPERATORS if given is None else (each.strip() for each in given.split(",")))
    if unknown := sorted(names - set(OPERATORS)):
        msg = f"--operators: saw {', '.join(unknown)}; allowed are {', '.join(OPERATORS)}"
        raise BadInput(msg)
    return names


def wanted(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Return the scenarios by API that are asked for, and that the product offers.

    Raises:
        BadInput: there is none.
    """
    found = [
        each
        for each in collect(options.target)
        if each["surface"] == Surface.API
        and not each["lacking"]
        and fnmatchcase(each["scenario"], options.scenario)
        and options.journey in {None, each["journey"]}
    ]
    if not found:
        msg = f"--scenario {options.scenario}: fits no scenario that target '{options.target}' offers by API; `synthetics list` has them"
        raise BadInput(msg)
    return found


@dataclass
class Room:
    """Where recordings are made and played: `private` holds them, with their passwords and tokens, and ends with the audit.

    `heard` tells, by node id, which events a replay comes to hear: what is said on a socket may stay unheard.
    """

    target: Target
    folder: Path
    private: Path
    jobs: int
    live: str = ""
    rounds: int = 0
    heard: dict[str, set[int]] = field(default_factory=dict)
    runners: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def record(self, nodeids: list[str]) -> tuple[list[Tape], dict[str, str]]:
        """Record each scenario once, and prove that its tape, played as it is, passes; returns the tapes, and why one cannot be used.

        Raises:
            SuiteFault: the runner did not come up.
        """
        kept = self.private / "tapes"
        kept.mkdir()
        with lives.serving(self.target, self.folder.name, self.folder) as live:
            self.live = live.dumps()
            lanes = str(self.target.lanes["api"])
            self.ended(self.start("record", nodeids, "--record", str(kept), "--run-folder", str(self.folder), "--lanes", lanes), kept)
        played = self.private / "played.jsonl"
        self.ended(self.start("play", nodeids, "--replay", str(kept), "--replayed", str(played), "--run-folder", str(self.private / "play")), kept)
        results = {result["nodeid"]: result for _, result in runs.records(played)}
        self.heard = {nodeid: set(result["met"]) for nodeid, result in results.items()}
        tapes, untold = [], {}
        for file in sorted(kept.glob("*.json")):
            raw = json.loads(file.read_text(encoding="utf-8"))
            result = results.get(raw["nodeid"])
            tape = read_tape(raw, result["read"] if result else {})
            tapes.append(tape)
            if reason := unusable(tape, result):
                untold[tape.nodeid] = reason
        if not tapes:
            raise SuiteFault(f"nothing was recorded: {complaint(self.private / 'record.log')}")
        return sorted(tapes, key=lambda tape: tape.scenario), untold

    def replay(self, wrongs: dict[str, list[Wrong]], chosen: dict[str, list[int]]) -> Tried:
        """Replay what is chosen of all that is to be wrong, in several processes."""
        under_way = []
        for share in shared(chosen, self.jobs):
            self.rounds += 1
            name = f"replay-{self.rounds}"
            file, played = self.private / f"{name}.json", self.private / f"{name}.jsonl"
            asked = {nodeid: [{"id": place, "other": wrongs[nodeid][place].other} for place in chosen[nodeid]] for nodeid in share}
            file.write_text(json.dumps(asked), encoding="utf-8")
            words = ["--replay", str(self.private / "tapes"), "--replayed", str(played), "--wrongs", str(file)]
            under_way.append((self.start(name, share, *words, "--run-folder", str(self.private / name)), played))
        tried: Tried = {}
        for process, played in under_way:
            self.ended(process, played)
            for _, result in runs.records(played):
                tried.setdefault(result["nodeid"], []).append((wrongs[result["nodeid"]][result["wrong"]], result))
        return tried

    def start(self, name: str, nodeids: Sequence[str], *words: str) -> subprocess.Popen[bytes]:
        """Start a runner."""
        chosen = self.private / f"{name}.txt"
        chosen.write_text("\n".join(nodeids) + "\n", encoding="utf-8")
        (self.private / name).mkdir(exist_ok=True)
        command = [
            sys.executable, "-m", "pytest", f"@{chosen}", "-p", PLUGIN, *loading(["--surface=api"]), "--surface=api", "--target", self.target.name,
            "--color=no", "-q", "--tb=no", "--show-capture=no", *words,
        ]  # fmt: skip
        environment = {**os.environ, lives.VARIABLE: self.live, **ONLY_ASKED, leash.VARIABLE: str(os.getpid())}
        with (self.private / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(command, cwd=targets.ROOT, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environment)
        self.runners.append(process)
        return process

    def close(self) -> None:
        """End the runners that are left, who would go on to write where everything is being removed."""
        for process in self.runners:
            process.kill()
            process.wait()

    def ended(self, process: subprocess.Popen[bytes], made: Path) -> None:
        """Wait for a runner.

        Raises:
            SuiteFault: it left nothing.
        """
        process.wait()
        if not made.exists():
            log = max(self.private.glob("*.log"), key=lambda file: file.stat().st_mtime)
            raise SuiteFault(f"a runner of the audit left nothing: {complaint(log)}")


def unusable(tape: Tape, result: dict[str, Any] | None) -> str:
    """Say why a tape cannot be used; nothing where its replay passes as the attempt itself did."""
    if tape.status not in judge.GREEN:
        return f"no healthy attempt: {tape.status}: {tape.error}"
    if result is None:
        return f"{UNREPLAYABLE}: it never ended"
    if result["status"] in judge.GREEN and not result["strayed"]:
        return ""
    reasons = [result["error"], *([f"it asked what was never recorded: {'; '.join(result['strayed'])}"] if result["strayed"] else ())]
    return f"{UNREPLAYABLE}: {'; '.join(filter(None, reasons))}"


def count(chosen: dict[str, list[int]]) -> int:
    """Return how many are chosen."""
    return sum(map(len, chosen.values()))


def shared(chosen: dict[str, list[int]], jobs: int) -> list[list[str]]:
    """Deal scenarios to processes, the longest first, each to the one with the least to do."""
    shares: list[list[str]] = [[] for _ in range(max(1, jobs))]
    loads = [0] * len(shares)
    for nodeid in sorted(chosen, key=lambda each: -len(chosen[each])):
        least = loads.index(min(loads))
        shares[least].append(nodeid)
        loads[least] += len(chosen[nodeid])
    return [share for share in shares if share]
