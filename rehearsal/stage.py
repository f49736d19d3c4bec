"""What all drills of one rehearsal share: the target as its table has it, the launch package, the scenarios, and where things are written."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import IO, Any, Protocol
from zlib import crc32

import tomli_w

from launch.package import URGENCIES, Launch
from rehearsal.assess import FULL
from rehearsal.fault import Fault
from rehearsal.ground import ROOT, Ground
from rehearsal.wire.proxy import Loaded

BUDGETS = {
    "provisioning": {"expected": 5.0, "limit": 12.0},
    "mail": {"expected": 6.0, "limit": 10.0},
    "agreement": {"expected": 3.0, "limit": 6.0},
    "live": {"expected": 3.0, "limit": 8.0},
}
"""Seconds, in place of the target's own, on the embedded product: it is quick, and what never comes need not be waited for so long."""

LANES = {"api": 8, "browser": 3}
"""So many scenarios of a drill wait at once on the embedded product, which several drills share: all at once, each would be slowed by the others."""

LOTS = 4
"""One in so many of the scenarios that have only their journey in common with a fault is tried in its drill: most of a rehearsal's time went into them."""

FALLBACK = "fallback"
"""The maintainers' other way: the sink of what could not be delivered to anybody."""

HEARTBEAT = "/ping"
"""Where the heartbeat's receiver of a drill listens, on its pager."""

HEART = "monitor.heartbeat"
"""What stands for the heartbeat's receiver among the alerts: it is nobody's alert, and pages the maintainers all the same."""


class Process(Protocol):
    """A command that was started; `subprocess.Popen` is one."""

    def wait(self, timeout: float | None = None) -> int:
        """Return its exit code, or raise `subprocess.TimeoutExpired` after so many seconds."""

    def kill(self) -> None:
        """End it."""


Start = Callable[[Sequence[str], Mapping[str, str], IO[bytes]], Process]
"""Starts ``python ARGUMENT…`` from the checkout, with an environment, and a file for all that it prints."""


def cold(words: Sequence[str], environment: Mapping[str, str], output: IO[bytes]) -> Process:
    """Start a command as cron does: by a new interpreter."""
    return subprocess.Popen([sys.executable, *words], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)


@dataclass(frozen=True)
class Known:
    """A scenario as the suite's collection tells of it; `function` is the name of its test, `file` where it stands."""

    scenario: str
    function: str
    journey: str
    owner: str
    severity: str
    risk: str
    surfaces: tuple[str, ...]
    file: str = ""


@dataclass(frozen=True)
class Stage:
    """`table` is the target's table of targets.toml, `launch` the launch package and `place` its folder; `folder` takes what the rehearsal writes.

    `cadence` is how often the target is promised to be looked at, in seconds: what a run of a drill stands for.
    """

    rehearsal: str
    folder: Path
    target: str
    table: Mapping[str, Any]
    launch: Launch
    place: Path
    scenarios: Mapping[str, Known]
    cadence: float
    start: Start = cold
    """How a command of the suite is started, where it need not be by a new interpreter."""
    commands: Path | None = None
    """Where the same `synthetics` lies for the shells of runbooks."""
    blank: Path | None = None
    """A history in which nothing happened yet, for each drill to begin with; without one, its first run makes it."""
    wires: Loaded | None = None
    """What the wire's proxies are forked from; without it, each starts by itself."""
    green: dict[tuple[str, str], str] = field(default_factory=dict)
    """The scenarios, each on a surface, that were kept on the shared ground before anything was broken, and in which run."""
    looking: dict[str, threading.Event] = field(default_factory=dict)
    """By surface, when the shared ground has been looked at; a surface that is not here is looked at by each drill."""

    def tried(self, fault: Fault, *, wide: bool = False) -> list[str]:
        """Return the scenarios that a drill tries: the expected one, what the fault names, and of the rest of the journey one in `LOTS`; all where `wide`.

        By lot, so that each is seen beside many faults, though not beside each; the lot falls the same every time. A control, which is there to find
        false alarms, has the whole journey, and so has a fault that is told by none of the scenarios: what shows it may take several of them. In the
        browser alone, where a scenario costs ten times as much, a fault has what it names for it.
        """
        by_lot = fault.expects is not None and fault.expects.scenario in self.scenarios
        by_pages = fault.surfaces == ("browser",) and not fault.control
        named = [*fault.only, *fault.scenarios, *([fault.expects.scenario] if fault.expects else [])]
        named += [] if by_pages else [each for each in fault.permits if "*" not in each]
        beside = [] if by_pages else [*fault.permits, *([] if fault.only else [f"{fault.journey}.*"])]

        def chosen(name: str) -> bool:
            if wide or matches(name, named):
                return True
            return matches(name, beside) and not (by_lot and crc32(f"{fault.id} {name}".encode()) % LOTS)

        return [name for name, known in self.scenarios.items() if set(known.surfaces) & set(fault.surfaces) and chosen(name)]

    def runs(self, fault: Fault, dose: int = FULL) -> int:
        """Return a drill's budget of runs. At a lower intensity (percent) a run meets the fault seldom: there it is as many as the risk has time for."""
        within = self.launch.risks[fault.risk].detect_within if fault.risk else 0.0
        return fault.runs if dose == FULL else max(fault.runs, int(within // self.cadence))

    def selection(self, scenarios: Sequence[str]) -> list[str]:
        """Return the words by which pytest takes some scenarios: their files, and an expression for ``-k``."""
        files = sorted({self.scenarios[each].file for each in scenarios})
        return [*files, "-k", " or ".join(self.scenarios[each].function for each in scenarios)]


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Tell whether a name is one of these, or as a pattern of a shell has it."""
    return any(fnmatchcase(name, each) for each in patterns)


def routing_key(drill: str, owner: str) -> str:
    """Return the key by which an owner's service is known to a drill's pager: 32 hexadecimal digits, made up."""
    return hashlib.sha256(f"{drill}/{owner}".encode()).hexdigest()[:32]


def variable(owner: str) -> str:
    """Return the environment variable that holds an owner's key."""
    return f"REHEARSAL_KEY_{owner.upper().replace('-', '_')}"


def write_targets(
    file: Path, stage: Stage, ground: Ground, domain: str, changed: Mapping[str, Any], *, proxy: str | None = None, ca: Path | None = None
) -> None:
    """Write the target's table for one drill: where the product is, people of the drill's own mail domain, and quick budgets."""
    table = {key: value for key, value in stage.table.items() if key != "serve"}
    table |= {"url": ground.url, "mail_domain": domain} | ({"mailbox": f"folder:{ground.mail}"} if ground.mail else {})
    if stage.table.get("serve"):
        table |= {"budgets": {**table.get("budgets", {}), **BUDGETS}, "lanes": LANES}
    table["secrets"] = {name: {"env": f"REHEARSAL_SECRET_{name.upper()}"} for name in ground.secrets}
    if ca or ground.ca:
        table["ca"] = str(ca or ground.ca)
    if proxy:
        table["proxy"] = proxy
    file.write_text(tomli_w.dumps({stage.target: {**table, **changed}}), encoding="utf-8")


def write_launch(folder: Path, stage: Stage, pager: str) -> None:
    """Write a launch package for one drill: the same owners, risks and runbooks, every owner reached by a pager service of their own."""
    shutil.copytree(stage.place, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    names = [*stage.launch.owners, FALLBACK]
    channels = {name: {"kind": "pagerduty", "url": pager, "routing_key": {"env": variable(name)}} for name in names}
    alerting = {
        "maintainers": stage.launch.alerting.maintainers,
        "fallback": [FALLBACK],
        "routes": {**{key: [FALLBACK] for key in URGENCIES}, "escalate_after": 0},
        "channels": channels,
        "heartbeats": {"drill": {"url": f"{pager}{HEARTBEAT}"}},
    }
    (folder / "alerting.toml").write_text(tomli_w.dumps(alerting), encoding="utf-8")
    owners = {
        owner.id: {"name": owner.name, "contact": owner.contact, "backup": owner.backup, "escalate_after": 0, **{key: [owner.id] for key in URGENCIES}}
        for owner in stage.launch.owners.values()
    }
    (folder / "owners.toml").write_text(tomli_w.dumps(owners), encoding="utf-8")
