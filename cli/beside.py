"""What is told past the history: that it cannot be used, and that it can again; that it was lost; that a run is not what its label says.

The maintainers hear of it on the fallback channels, at once. What was told of a history that cannot be used is written down beside the runs, so that its
end is told too; the other two are events: whoever was told closes them.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

from fixtures import runs as folders
from launch import package
from launch.package import Launch
from reports import delivery
from reports.message import Kind, Message
from verdicts.history.store import StoreTrouble
from verdicts.view import CANNOT_TELL, dedup_key

RUNBOOK = "runbooks/monitoring.md"
FAILURE = "availability"


def store_failed(trouble: StoreTrouble, target: str, *, drill: bool) -> None:
    """Tell that the history cannot be used, and remember it for `store_works`."""
    launch = package.load()
    _tell(launch, _about_store(launch, str(trouble), target, drill=drill))
    try:
        _remembered().mkdir(parents=True, exist_ok=True)
        (_remembered() / target).touch()
    except OSError as error:
        print(f"{_remembered()}: cannot be written ({error}): that the history works again will be told to nobody", file=sys.stderr)


def store_lost(launch: Launch, trouble: str, *, drill: bool) -> None:
    """Tell that the history was damaged, and that a new one has begun."""
    _tell(launch, _about_store(launch, trouble, "every target", drill=drill))


def store_works(launch: Launch, *, drill: bool) -> None:
    """Tell the end of what `store_failed` told, once the history has been written again; again where not every channel took it."""
    for mark in sorted(_remembered().glob("*")):
        broken = _about_store(launch, "", mark.name, drill=drill)
        if _tell(launch, replace(broken, kind=Kind.RESOLVE, ended=broken.at, why="the history can be written again")):
            mark.unlink(missing_ok=True)


def label_wrong(launch: Launch, trouble: str, target: str, *, drill: bool) -> None:
    """Tell that a run is labelled as another target's: what it saw is not this target's to be judged by."""
    _tell(
        launch,
        _message(
            launch, trouble, target, "label", "A run is of the target that it names.", "error", "a run met another address than its target has", drill=drill
        ),
    )


def _about_store(launch: Launch, trouble: str, target: str, *, drill: bool) -> Message:
    why = "the history of runs and alerts cannot be used"
    return _message(launch, trouble, target, "history", "The monitor remembers what it saw.", "critical", why, drill=drill)


def _message(launch: Launch, trouble: str, target: str, what: str, title: str, severity: str, why: str, *, drill: bool) -> Message:
    scenario = f"{CANNOT_TELL}/{what}"
    key = dedup_key(target, scenario, FAILURE)
    now = time.time()
    return Message(
        kind=Kind.TRIGGER,
        key=key,
        incident=f"{key}-0",
        title=title,
        target=target,
        scenario=scenario,
        failure=FAILURE,
        severity=severity,
        owner=launch.alerting.maintainers,
        owner_name=launch.owners[launch.alerting.maintainers].name,
        at=now,
        since=now,
        runs=1,
        why=why,
        error=trouble,
        drill=drill,
        runbook=launch.alerting.link("runbook", runbook=RUNBOOK),
    )


def _tell(launch: Launch, message: Message) -> bool:
    """Tell it, and return whether every channel took it."""
    answers = delivery.directly(launch, message)
    for channel, answer in answers.items():
        print(f"told on '{channel}': {answer}", file=sys.stderr)
    return all(not answer.startswith(delivery.NOT_DELIVERED) for answer in answers.values())


def _remembered() -> Path:
    """Return the folder with a file, named as the target, for each end that is still to be told."""
    return folders.artifacts() / "history-trouble"
