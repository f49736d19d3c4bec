"""Alertmanager, by its API v2: alerts are labels that identify and annotations that tell, and are forgotten unless they are repeated.

A firing alert ends three cadences from now, so it is sent again with every run (`Kind.REFRESH`); were this monitor to die, it would end by itself,
which the heartbeats are there for. An end is sent as `endsAt` = now; a REFRESH of an alert that has ended repeats the end.

Use one path for each owner: Alertmanager together with PagerDuty of ours pages twice. To route by severity, give `labels` of your own to one channel
for each: the severity of an alert may change while it is open, so it is no label of ours.
"""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from launch.reading import BadInput, Table
from reports.channels import Receipt, Secret, kept
from reports.inert import web_address
from reports.message import Kind, Message
from reports.prometheus import annotated, labelled, stamp
from reports.wire import Line, line

LASTS = 3.0
"""So many cadences a firing alert lasts without being repeated."""

_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*\Z")
_CARRIES = frozenset({Kind.TRIGGER, Kind.UPDATE, Kind.ESCALATE, Kind.NOTICE, Kind.REFRESH, Kind.RESOLVE, Kind.TEST})


@dataclass(frozen=True)
class Alertmanager:
    """One Alertmanager, or the first of a cluster. `more` are labels that every alert gets; `now` is the clock (seconds since the epoch)."""

    line: Line
    authorization: str = field(default="", repr=False)
    more: Mapping[str, str] = field(default_factory=dict)
    now: Callable[[], float] = time.time
    carries: frozenset[Kind] = _CARRIES
    pace: float = 0.0
    refreshes: bool = True
    cap: int = 0

    def send(self, message: Message, thread: Mapping[str, str]) -> Receipt:  # noqa: ARG002 -- the labels are the thread
        """Say that the alert fires for another three cadences, or that it ended."""
        headers = {"Authorization": self.authorization} if self.authorization else {}
        return Receipt(self.line.post("/api/v2/alerts", json=[self._alert(message)], headers=headers).words)

    def _alert(self, message: Message) -> dict[str, Any]:
        now = self.now()
        over = message.kind is Kind.RESOLVE or (message.kind is Kind.REFRESH and message.ended > 0)
        ends = now if over else now + LASTS * message.cadence
        alert: dict[str, Any] = {
            "labels": {**self.more, **labelled(message)},
            "annotations": annotated(message),
            "startsAt": stamp(min(message.since or message.at or now, ends)),
            "endsAt": stamp(ends),
        }
        if source := web_address(message.dashboard) or web_address(message.evidence):
            alert["generatorURL"] = source
        return alert


def read(table: Table, secret: Secret) -> Alertmanager:
    """Take `labels`, `user` with `password` or else `token`, and `url`, `ca`, `deadline`.

    Raises:
        BadInput: a wrong value; a label's name that Prometheus does not know; both ways of authorization.
    """
    user, password, token = table.text("user", ""), kept(table, "password", secret, optional=True), kept(table, "token", secret, optional=True)
    if bool(user) != bool(password) or (user and token):
        raise BadInput(f"{table.at('user')}: allowed is `user` with `password`, or `token`, or neither")
    authorization = f"Bearer {token}" if token else f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}" if user else ""
    named = table.table("labels")
    more = {name: named.text(name) for name in named.everything()}
    for name, value in more.items():
        if not _NAME.match(name):
            raise named.wrong(name, value, "a label whose name has letters, digits and underscores")
    return Alertmanager(line(table, secret, secrets=[password, token]), authorization, more)
