"""Routing: owner and severity choose the channels, and an alert keeps the route on which it began."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from launch import package
from launch.package import URGENCY, Launch, Owner
from launch.reading import BadInput, Table
from reports import channels
from reports.channels import Channel, Secret
from verdicts.history.alerts import Alert, Leg


def legs(launch: Launch, names: Iterable[str]) -> tuple[Leg, ...]:
    """Return the legs of a route by these channels, each with its table as it is now."""
    known = launch.alerting.channels
    return tuple({"channel": name, "settings": dict(known[name])} for name in dict.fromkeys(names) if name in known)


def route(launch: Launch, owner: str, severity: str) -> tuple[Leg, ...]:
    """Return how an owner hears of something of this severity; the maintainers' way where nobody of that name is left, the fallback where neither has one."""
    urgency = URGENCY[severity]
    asked = [launch.owners[each] for each in (owner, launch.alerting.maintainers) if each in launch.owners]
    found = next((each.routes[urgency] for each in asked if each.routes.get(urgency)), launch.alerting.fallback)
    return legs(launch, found)


def joined(*routes: Iterable[Leg]) -> tuple[Leg, ...]:
    """Return one route with the legs of all, each channel once, as the first of them has it."""
    found: dict[str, Leg] = {}
    for leg in chain.from_iterable(routes):
        found.setdefault(leg["channel"], leg)
    return tuple(found.values())


def next_in_line(launch: Launch, alert: Alert, now: float) -> Owner | None:
    """Return who is to be told because nobody took a page in time: the owner's backup, then that one's; None while it is not yet time, or nobody is left."""
    owner = launch.owners.get(alert.owner)
    if owner is None or not owner.escalate_after or alert.acknowledged is not None or URGENCY[alert.severity] != "page":
        return None
    if now - alert.opened < owner.escalate_after * (alert.level + 1):
        return None
    told = [owner]
    for _ in range(alert.level + 1):
        above = launch.owners.get(told[-1].backup)
        if above is None or above in told:
            return None
        told.append(above)
    return told[-1]


def opened(name: str, settings: Mapping[str, Any], secret: Secret, *, where: Table | None = None) -> Channel:
    """Make the channel of a leg.

    Raises:
        BadInput: its table is wrong, or a secret is not set.
    """
    book = where or Table(package.place() / "alerting.toml", "channels", {name: dict(settings)})
    return channels.read(book.table(name), secret)


def check(launch: Launch, names: Iterable[str] | None = None, secret: Secret | None = None) -> dict[str, Channel]:
    """Make the channels of ``alerting.toml``, all of them or those named; what cannot be used is said before a run, not when it is needed.

    Raises:
        BadInput: a table is wrong, or a secret is not set.
    """
    book = Table(launch.alerting.file, "channels", {name: dict(settings) for name, settings in launch.alerting.channels.items()})
    wanted = launch.alerting.channels if names is None else names
    return {name: opened(name, {}, secret or from_environment, where=book) for name in wanted}


def from_environment(name: str) -> str:
    """Return the value of an environment variable.

    Raises:
        BadInput: it is not set.
    """
    value = os.environ.get(name)
    if not value:
        raise BadInput(f"the environment variable {name}: saw nothing; allowed is the secret that alerting.toml names so; set it and run again")
    return value
