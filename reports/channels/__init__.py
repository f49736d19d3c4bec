"""Channels: how a message reaches somebody. One file each, found by name; this one holds what they share with those who use them.

A channel's file gives ``read(table, secret) -> Channel``: it takes its own keys from its table below ``[channels]`` in ``launch/alerting.toml`` (``kind``
is taken already). Whatever is a secret is named there, never written: ``routing_key = { env = "PAGERDUTY_KEY" }`` (`kept`). README.md says what each
channel takes and does. Sending is one call that ends in one of three ways::

    return Receipt(...)      the receiver has it
    raise Later(...)         it may succeed later: network, 408, 429, 5xx; `ambiguous` where it may have arrived all the same
    raise Never(...)         it will not: 400, 401, 403, 404, 410, 413, a wrong setting; a dead letter
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Protocol, runtime_checkable

from launch.reading import BadInput, Table
from reports.message import Kind, Message

Secret = Callable[[str], str]
"""Returns the value of an environment variable; raises `BadInput` where it is not set."""


@dataclass(frozen=True)
class Receipt:
    """What the receiver said: `status` its code in words (``202 Accepted``), `thread` what later messages of the same incident need to find this one."""

    status: str
    thread: Mapping[str, str] = field(default_factory=dict)


class Later(Exception):  # noqa: N818 -- named for what follows
    """Not delivered, and worth another try.

    `after` is the number of seconds that the receiver asked us to wait, None where it did not say. `ambiguous` tells that the receiver may have it.
    """

    def __init__(self, why: str, *, after: float | None = None, ambiguous: bool = False) -> None:
        super().__init__(why)
        self.after, self.ambiguous = after, ambiguous


class Never(Exception):  # noqa: N818 -- named for what follows
    """Not delivered, and never to be: the receiver refuses it, or the setting is wrong."""


class Channel(Protocol):
    """A way to reach somebody.

    `carries` holds the kinds of message that it can tell; others are not put into its outbox. `pace` is the least number of seconds between two sends.
    `refreshes` tells that its receiver forgets what is not repeated. `cap` is how many messages one pass may send one by one; 0 is no cap, and what is
    above it goes out by `digest`.
    """

    @property
    def carries(self) -> frozenset[Kind]:
        """The kinds of message that it can tell."""

    @property
    def pace(self) -> float:
        """The least number of seconds between two sends."""

    @property
    def refreshes(self) -> bool:
        """Whether its receiver forgets what is not repeated."""

    @property
    def cap(self) -> int:
        """How many messages one pass may send one by one."""

    def send(self, message: Message, thread: Mapping[str, str]) -> Receipt:
        """Send one message. `thread` is what the receipt of this incident's trigger held; empty for the trigger itself, or where there was none.

        Raises:
            Later: try again.
            Never: do not.
        """


@runtime_checkable
class Digests(Protocol):
    """A channel that can tell of many at once."""

    def digest(self, messages: Sequence[Message]) -> Receipt:
        """Send one message that tells of all these."""


def kept(table: Table, key: str, secret: Secret, *, optional: bool = False) -> str:
    """Take a secret, of which the table only names the environment variable: ``key = { env = "NAME" }``. Empty where it is optional and not written.

    Raises:
        BadInput: the table holds something else (which is not shown: it may be the secret), the variable is not set, or holds what no secret holds.
    """
    if optional and key not in table:
        return ""
    written = table.raw(key)
    if not isinstance(written, dict):
        seen = "nothing" if written is None else f"a {type(written).__name__}, which is not shown here"
        raise BadInput(f'{table.at(key)}: saw {seen}; allowed is the name of an environment variable: {key} = {{ env = "NAME" }}')
    named = table.table(key)
    variable = named.text("env")
    named.done(private=True)
    value = secret(variable).strip()
    if not value or not value.isprintable():
        raise BadInput(f"{table.at(key)}: the environment variable {variable} is empty, or holds characters that cannot be seen; set it to the secret alone")
    return value


ALERTING = frozenset({Kind.TRIGGER, Kind.UPDATE, Kind.ESCALATE, Kind.ACKNOWLEDGE, Kind.NOTICE, Kind.RESOLVE, Kind.TEST})
"""What most channels carry."""


def kinds() -> dict[str, ModuleType]:
    """Return every channel's module by its kind: the files of this folder."""
    return {found.name: importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)}


def read(table: Table, secret: Secret) -> Channel:
    """Make a channel of its table.

    Raises:
        BadInput: an unknown kind or key, a wrong value, a secret that is not set.
    """
    kind = table.choice("kind", names())
    channel: Any = importlib.import_module(f"{__name__}.{kind}").read(table, secret)
    table.done(private=True)
    return channel  # type: ignore[no-any-return]


def names() -> tuple[str, ...]:
    """Return the kinds of channels that there are."""
    return tuple(sorted(found.name for found in pkgutil.iter_modules(__path__)))


__all__ = ["ALERTING", "BadInput", "Channel", "Digests", "Later", "Never", "Receipt", "Secret", "kept", "kinds", "names", "read"]
