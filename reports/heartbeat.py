"""The sign of life: a run tells receivers elsewhere that it began and how it ended, and they page when they hear nothing.

Two receivers that do not depend on each other, because one that is down must not page for us, nor keep silent for us. The convention is that of
healthchecks.io, which others follow: POST to the address for a success, with ``/start`` or ``/fail`` behind it for these, and ``?rid=UUID`` to pair a
start with its end.

Source: healthchecks.io, "Pinging API".
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5

from launch.reading import BadInput, Table
from reports.channels import Later, Never, Secret
from reports.inert import one_line
from reports.wire import Line, line

_NOTE = 2000
_RUNS = uuid5(NAMESPACE_URL, "https://synthetics.invalid/runs")


class Beat(StrEnum):
    """What a receiver is told; the value stands behind its address."""

    START = "/start"
    SUCCESS = ""
    FAIL = "/fail"


@dataclass(frozen=True)
class Receiver:
    """One receiver, by the name it has in the configuration."""

    name: str
    line: Line


@dataclass(frozen=True)
class Heard:
    """What became of one beat at one receiver. `said` is the status, or why there is none."""

    receiver: str
    ok: bool
    said: str


def read(table: Table, secret: Secret) -> tuple[Receiver, ...]:
    """Read the receivers: a table for each, with `url` (``{ env = "NAME" }``, or the address itself), `ca` and `deadline`.

    Raises:
        BadInput: a wrong value.
    """
    found = []
    for name, entry in table.tables():
        way = line(entry, secret)
        if urlsplit(way.url).query:
            raise BadInput(f"{entry.at('url')}: saw an address with a query; allowed is one that /start and /fail can stand behind")
        found.append(Receiver(name, way))
        entry.done(private=True)
    return tuple(found)


def rid(run: str) -> UUID:
    """Return the UUID that stands for a run's id, always the same."""
    return uuid5(_RUNS, run)


def beat(receivers: Sequence[Receiver], what: Beat, run: str, note: str = "") -> tuple[Heard, ...]:
    """Tell every receiver, all at once and each within its own deadline: none waits for another. `note` is kept beside the beat, in one line."""
    if not receivers:
        return ()

    def tell(receiver: Receiver) -> Heard:
        content = one_line(note, _NOTE).encode("utf-8", "replace")
        try:
            answer = receiver.line.call().send("POST", what.value, content=content, params={"rid": str(rid(run))})
        except (Later, Never) as trouble:
            return Heard(receiver.name, ok=False, said=str(trouble))
        return Heard(receiver.name, ok=True, said=answer.words)

    with ThreadPoolExecutor(len(receivers), "heartbeat") as threads:
        return tuple(threads.map(tell, receivers))
