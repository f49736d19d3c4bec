"""What each status is called and looks like, which need a person, and the verdict on the whole run in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from reports.site.record import Record
from verdicts import run as codes
from verdicts.outcome import Status

ABSENT = "absent"
"""Beside the statuses: expected by the manifest, and without any outcome."""

NEEDS_A_LOOK = (Status.FAILED, Status.ERROR, Status.INCOMPLETE, Status.BLOCKED, Status.DEGRADED)
ORDER = (*NEEDS_A_LOOK, Status.QUARANTINED, Status.PASSED, Status.NOT_APPLICABLE)


@dataclass(frozen=True)
class Look:
    """How a status is shown: never by colour alone."""

    symbol: str
    word: str
    meaning: str


LOOKS: dict[str, Look] = {
    Status.PASSED: Look("✓", "passed", "The promise was kept."),
    Status.FAILED: Look("✕", "failed", "The product broke its promise."),
    Status.DEGRADED: Look("≈", "degraded", "Kept, but slower than its budget, or only on the confirming attempt."),
    Status.ERROR: Look("!", "error", "The monitor cannot tell: its runner, browser, mailbox, credentials or network is at fault."),
    Status.INCOMPLETE: Look("…", "incomplete", "Killed or timed out by the supervisor."),
    Status.BLOCKED: Look("⊘", "blocked", "An earlier stage failed, so the promise could not be tried."),
    Status.NOT_APPLICABLE: Look("\N{EN DASH}", "not applicable", "The product has no such capability."),
    Status.QUARANTINED: Look("q", "quarantined", "Ran, but is known to be unreliable: proves nothing."),
    ABSENT: Look("?", "absent", "Expected, and never reported."),
}


@dataclass(frozen=True)
class Standing:
    """The verdict on a run. `tone` is the status whose look it takes."""

    tone: str
    headline: str
    doubts: tuple[str, ...]
    """Why the record supports less than the exit code says."""

    @property
    def symbol(self) -> str:
        """Return the mark that goes with the tone."""
        return LOOKS[self.tone].symbol


def counted(number: int, one: str, many: str | None = None) -> str:
    """Say a number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def tally(record: Record) -> dict[str, int]:
    """Count what was tried by status, the gravest first, and what is absent."""
    counts = Counter(each.status for each in record.finals)
    listed: dict[str, int] = {status: counts[status] for status in ORDER if counts[status]}
    return {ABSENT: len(record.absent), **listed} if record.absent else listed


def standing(record: Record) -> Standing:
    """Say how the run stands. The exit code decides, except that no run is green which its own record does not prove."""
    counts = tally(record)
    broken = counts.get(Status.FAILED, 0)
    promises = counted(broken, "promise")
    doubts = _doubts(record, counts)
    match record.run.exit:
        case codes.KEPT if broken:
            return Standing(Status.FAILED, f"{promises} broken, though the run exited 0", doubts)
        case codes.KEPT if doubts:
            return Standing(Status.ERROR, "Not every promise is proven", doubts)
        case codes.KEPT if late := counts.get(Status.DEGRADED, 0):
            return Standing(Status.DEGRADED, f"Every promise kept, {late} of them late or only at the second attempt", doubts)
        case codes.KEPT:
            return Standing(Status.PASSED, "Every promise kept", doubts)
        case codes.BROKEN if broken:
            return Standing(Status.FAILED, f"{promises} broken", doubts)
        case codes.BROKEN:
            return Standing(Status.ERROR, "The run says that promises are broken, its record does not say which", doubts)
        case codes.CANNOT_TELL:
            return Standing(Status.ERROR, "The monitor cannot tell", (*((f"{promises} broken all the same.",) if broken else ()), *doubts))
        case codes.USAGE if not broken:
            return Standing(Status.ERROR, "The run could not be made as it was asked for", doubts)
        case None:
            headline = f"{promises} broken, and the run did not say how it ended" if broken else "The run did not say how it ended"
            return Standing(Status.FAILED if broken else Status.INCOMPLETE, headline, doubts)
        case code:
            headline = f"{promises} broken, and the run ended with exit code {code}" if broken else f"No verdict: the run ended with exit code {code}"
            return Standing(Status.FAILED if broken else Status.ERROR, headline, doubts)


def _doubts(record: Record, counts: dict[str, int]) -> tuple[str, ...]:
    unproven = {status: counts.get(status, 0) for status in (Status.ERROR, Status.INCOMPLETE, Status.BLOCKED)}
    said = []
    if not record.finals:
        said.append("Nothing was tried: there is not one outcome on record.")
    elif not counts.get(Status.PASSED) and not counts.get(Status.FAILED) and not counts.get(Status.DEGRADED):
        said.append("Nothing was proven either way.")
    if record.absent:
        said.append(f"{counted(len(record.absent), 'expected scenario')} never reported.")
    if any(unproven.values()):
        said.append(f"Could not be told: {', '.join(f'{number} {LOOKS[status].word}' for status, number in unproven.items() if number)}.")
    if record.unreadable:
        said.append(f"{counted(record.unreadable, 'line')} of outcomes.jsonl could not be read.")
    if record.torn:
        said.append("The last line of outcomes.jsonl is torn: the writer was stopped.")
    return tuple(said)
