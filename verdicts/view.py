"""What judgement looks at: the history of one target as plain records, and what it decides. No record here knows where it is kept.

All times are seconds since the epoch (UTC), all durations seconds.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache

from verdicts.observe import Said, observe
from verdicts.outcome import Outcome

UNREACHABLE = "target.unreachable"
"""The whole target is down, by the preflight or by (nearly) every scenario. Concerns the target's owner."""

CANNOT_TELL = "monitor.cannot-tell"
"""The monitor broke: its runner, browser, mailbox, credentials or network. Concerns the suite's maintainers."""

NO_DATA = "monitor.no-data"
"""Runs, or scenarios of the manifest, did not arrive. Concerns the suite's maintainers."""

UNDELIVERED = "monitor.undelivered"
"""A message became a dead letter. Concerns the suite's maintainers, on the fallback channel."""

LEFT_BEHIND = "monitor.left-behind"
"""Runs leave things behind in the product. Concerns the suite's maintainers."""

EXPIRING = "monitor.expiring"
"""A credential or a quarantine runs out; what, stands behind a slash: ``monitor.expiring/secrets.operator_token``."""

QUARANTINED = "quarantine"
"""What of a quarantine runs out: ``monitor.expiring/quarantine/<its scenario>``."""

POOL = "*"
"""The promise of an alert on a whole journey's burn rate: ``provisioning.*``."""


@lru_cache(maxsize=4096)
def dedup_key(target: str, scenario: str, failure: str) -> str:
    """Return the identity of an alert: a hash of target, scenario and failure class, 32 hexadecimal digits.

    Nothing that changes from run to run is part of it.
    """
    return hashlib.sha256(f"{target}\0{scenario}\0{failure}".encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Watched:
    """The target: who answers for it as a whole, who for the suite, how often a run is promised, and where from.

    An availability alert opens when `agree` of `locations` see it; 1 where only one location runs. What is not `scheduled` runs when somebody asks for
    it, and is not missed.
    """

    name: str
    owner: str
    maintainers: str
    cadence: float
    locations: tuple[str, ...] = ()
    agree: int = 1
    scheduled: bool = True


@dataclass(frozen=True)
class Ran:
    """One run. `state` is running, ended or incomplete; `manifest` every (scenario, surface) that it was to try; `whole` tells that this was all there is.

    `exit` is its exit code (None while it runs, or when it was killed); `unreachable` says that the preflight met nobody, or another product.
    """

    id: str
    location: str
    state: str
    started: float
    ended: float | None
    whole: bool
    exit: int | None = None
    unreachable: bool = False
    reason: str = ""
    version: str = ""
    left_behind: int = 0
    manifest: frozenset[tuple[str, str]] = frozenset()
    outcomes: tuple[Outcome, ...] = ()

    @property
    def at(self) -> float:
        """When it said what it says."""
        return self.ended if self.ended is not None else self.started

    @cached_property
    def said(self) -> Said:
        """What it says of each scenario on each surface; read once, because every judgement of the next hours asks again."""
        return observe(self.outcomes)


@dataclass(frozen=True)
class Standing:
    """An alert as it stands: open, or closed a while ago.

    `seen` is when the latest run ended that saw it broken, `runs` how many did. It closes once every one of `surfaces` at every one of `locations` is clean.
    """

    id: int
    key: str
    scenario: str
    failure: str
    severity: str
    owner: str
    opened: float
    since: float
    seen: float
    runs: int
    surfaces: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    closed: float | None = None
    acknowledged: float | None = None
    flapping: bool = False
    number: int = 1


@dataclass(frozen=True)
class Silence:
    """While it lasts, alerts that it matches do not open. `target` and `scenario` are patterns as of a shell."""

    target: str
    scenario: str
    starts: float
    ends: float
    kind: str = "silence"
    owner: str = ""
    reason: str = ""
    id: int = 0


@dataclass(frozen=True)
class Quarantine:
    """A scenario known to be unreliable: it runs, and opens and closes nothing, until `expires` or until it was clean `clean_runs` times in a row.

    `target` and `scenario` are patterns as of a shell.
    """

    id: int
    target: str
    scenario: str
    owner: str
    created: float
    expires: float
    clean_runs: int
    issue: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Expiring:
    """Something that runs out at `at`: a credential, a quarantine. `what` names it in an alert's id."""

    what: str
    at: float
    owner: str
    title: str


@dataclass(frozen=True)
class View:
    """All that a judgement of one target may look at, in any order. `closed` holds alerts that closed within the policy's memory."""

    target: Watched
    runs: tuple[Ran, ...] = ()
    open: tuple[Standing, ...] = ()
    closed: tuple[Standing, ...] = ()
    silences: tuple[Silence, ...] = ()
    quarantines: tuple[Quarantine, ...] = ()
    expiring: tuple[Expiring, ...] = ()


class Turn(StrEnum):
    """What happens to an alert."""

    OPEN = "open"
    SEEN = "seen"
    """It is still broken: its figures change, and nobody is told, unless the severity rose or a surface or location joined (`tells`)."""
    FLAP = "flap"
    """It would close, and is held open because it opened and closed too often; said once."""
    CLOSE = "close"
    LEAVE_QUARANTINE = "leave-quarantine"


@dataclass(frozen=True)
class Change:
    """One decision. `alert` is the id of the alert (or quarantine) that it concerns, None for one that opens. `why` is told to people."""

    turn: Turn
    key: str
    scenario: str
    failure: str
    why: str
    alert: int | None = None
    title: str = ""
    owner: str = ""
    severity: str = ""
    risk: str = ""
    runbook: str = ""
    since: float = 0.0
    seen: float = 0.0
    runs: int = 0
    run: str = ""
    surfaces: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    error: str = ""
    states: tuple[str, ...] = ()
    trace_id: str = ""
    evidence: str = ""
    tells: bool = False


@dataclass(frozen=True)
class Policy:
    """The numbers of `alerts.md`, one place for each. Rates are shares of 1, durations seconds."""

    clean_runs_to_close: int = 2
    availability_window: int = 3
    """Of so many latest runs ..."""
    availability_failures: int = 2
    """... so many failed, each unconfirmed, open an availability alert."""
    objective: float = 0.99
    """Share of attempts of a journey that must be kept in time."""
    page_windows: tuple[float, float] = (3600.0, 900.0)
    page_burn: float = 14.4
    ticket_windows: tuple[float, float] = (21600.0, 1800.0)
    ticket_burn: float = 6.0
    burn_least: int = 5
    """So many bad attempts at least in the longer window, so that a few blips among few attempts are not a rate."""
    missed_cadences: float = 2.0
    whole_share: float = 0.8
    """Where at least this share of what was told is broken, in a run with at least `whole_least` broken ones, the target as a whole is down."""
    whole_least: int = 5
    suite_window: int = 3
    """Of so many latest runs of a location ..."""
    suite_failures: int = 2
    """... so many with a fault of the monitor, with things left behind, or that reached nobody, open the alert on that."""
    flap_window: float = 21600.0
    flap_openings: int = 3
    """Opened so often within the window, an alert flaps ..."""
    flap_clean_runs: int = 6
    """... and closes only after so many clean runs in a row."""
    expiry_steps: tuple[tuple[float, str], ...] = ((30 * 86400.0, "info"), (14 * 86400.0, "warning"), (7 * 86400.0, "error"), (86400.0, "critical"))
    """How long before the end, and how severe that is."""
    memory: float = 21600.0 + 3600.0
    """How far back a judgement looks at runs; at least `runs_needed` runs of each location are looked at however old they are."""
    runs_needed: int = 8
    assumed_blips: float = 0.002
    """Share of attempts that fail once by chance, where the history is too short to tell."""
    assumed_blips_repeat: float = 0.01
    """Share of such blips in which the confirming attempt fails too: five times what chance alone would do."""
    measured_from: int = 500
    """From so many attempts on, the measured share is used."""
    assumed_run: float = 300.0
    """How long a run takes from its start to its judgement, without confirming attempts, where the history does not tell; at most one cadence."""
    assumed_attempt: float = 30.0
    """How long an attempt at a scenario takes, where the history does not tell; its deadline is the longest."""
    false_pages: float = 0.5
    """So many false pages of one scenario in 30 days are borne; a pager that cries wolf is switched off."""


DEFAULT = Policy()

PAGING = frozenset({"critical", "error"})
"""Severities that page; `warning` makes a ticket, `info` a line in a log."""


@dataclass(frozen=True)
class Expectation:
    """What follows from cadence, duration, confirmation and policy for one scenario.

    `detect` is the expected number of seconds from the moment the promise breaks for good to the decision to alert, `detect_worst` the longest;
    `false_pages` how many pages in 30 days are expected though nothing is broken.
    """

    scenario: str
    detect: float
    detect_worst: float
    false_pages: float
    why: str = field(default="")
