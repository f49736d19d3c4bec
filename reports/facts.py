"""What a person is told about an alert, as ordered pairs of label and value: one place, so that no channel forgets one or words it its own way.

Every value is one inert line of bounded length, whatever the target put into it. A channel has left to escape what is markup to its own receiver.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from reports.inert import fitted, one_line, unlinked, web_address
from reports.message import Kind, Message
from reports.wording import dated, lasting, moment

NONE = "not on record"
LONGEST = 600
"""So many characters of a value are shown, except of the error, of which twice as many are."""
_STATES = 20
"""So many states of a path are shown; of a longer one its beginning and its end."""
_LEAST_TITLE = 40
_LISTED = 30
"""So many locations or surfaces are shown."""


@dataclass(frozen=True)
class Fact:
    """A label and what stands beside it. `link` is the same as an address that may be linked to, or empty."""

    label: str
    value: str
    link: str = ""

    @property
    def known(self) -> bool:
        """Whether anything is on record."""
        return self.value != NONE


def headline(message: Message, limit: int = 250) -> str:
    """Say all of it in one inert line of at most `limit` characters. Where room is short it is the promise that is cut: mark, scenario and target stay."""
    around = len(message.headline) - len(message.title)
    title = fitted(one_line(message.title, limit), max(_LEAST_TITLE, limit - around))
    return fitted(one_line(replace(message, title=title).headline, limit), limit)


def facts(message: Message) -> tuple[Fact, ...]:
    """Return what is known about an alert, the most urgent first. A test page and a change leave out what is not on record; an alert says so."""
    told = (
        _fact("Promise", message.title),
        _fact("Why", message.why),
        _fact("Seen", message.error, 2 * LONGEST),
        _fact("States seen", _path(message.states)),
        Fact("Since", _since(message)),
        Fact("Runs", f"seen in {message.runs} {'run' if message.runs == 1 else 'runs'}" if message.runs else NONE),
        _fact("Target", message.target),
        _fact("Location", _listed(message.locations)),
        _fact("Surfaces", _listed(message.surfaces)),
        _fact("Severity", message.severity),
        _fact("Owner", f"{message.owner_name} ({message.owner})" if message.owner_name else message.owner),
        _linked("Runbook", message.runbook),
        _linked("Evidence", message.evidence),
        _fact("Trace id", message.trace_id),
        _fact("Scenario", message.scenario),
        _fact("Failure class", message.failure),
    )
    further = (
        _fact("Risk", message.risk),
        _fact("Version", message.version),
        _fact("Run", message.run),
        _linked("Dashboard", message.dashboard),
    )
    spare = message.kind in {Kind.TEST, Kind.CHANGE}
    return tuple(each for each in told if each.known or not spare) + tuple(each for each in further if each.known)


def lines(message: Message) -> str:
    """Return the facts as text, one line each, in which only the addresses that may be links become one."""
    return "\n".join(f"{each.label}: {each.link or unlinked(each.value)}" for each in facts(message))


def links(message: Message) -> tuple[Fact, ...]:
    """Return the facts that may be linked to."""
    return tuple(each for each in facts(message) if each.link)


def _fact(label: str, value: str, limit: int = LONGEST) -> Fact:
    return Fact(label, one_line(value, limit) or NONE)


def _linked(label: str, address: str) -> Fact:
    """Keep an address whole: half of one leads nowhere."""
    link = web_address(address)
    return Fact(label, link, link) if link else _fact(label, address)


def _since(message: Message) -> str:
    if not message.since:
        return NONE
    began = dated(moment(message.since))
    if message.ended:
        return f"{began}, until {dated(moment(message.ended))}: {lasting(max(0.0, message.ended - message.since))}"
    return f"{began}, for {lasting(max(0.0, message.at - message.since))}" if message.at else began


def _path(states: tuple[str, ...]) -> str:
    shown = states if len(states) <= _STATES else (*states[:3], "…", *states[4 - _STATES :])
    return " > ".join(one_line(each, 60) for each in shown)


def _listed(names: Iterable[str]) -> str:
    every = tuple(names)
    more = f" and {len(every) - _LISTED} more" if len(every) > _LISTED else ""
    return ", ".join(one_line(each, 60) for each in every[:_LISTED]) + more
