"""A webhook in Alertmanager's shape, version 4, so that whatever takes alerts from Alertmanager takes ours; and signed.

The header ``X-Synthetics-Signature`` is ``t=SECONDS,v1=HEX``: the time of sending, and HMAC-SHA256 of ``SECONDS.BODY`` under the shared secret. A receiver
recomputes it over the bytes as they came, compares in constant time, and refuses what is older than a few minutes (`verify` below is all there is to
it). ``X-Synthetics-Delivery`` is the same for every try of one message: a receiver that has seen it answers 200 and does nothing.

Source: prometheus.io, "Alerting: configuration: webhook_config".
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from launch.reading import Table
from reports.channels import ALERTING, Receipt, Secret, kept
from reports.inert import web_address
from reports.message import Kind, Message
from reports.prometheus import annotated, labelled, stamp
from reports.wire import Line, encoded, line

SIGNATURE = "X-Synthetics-Signature"
DELIVERY = "X-Synthetics-Delivery"
FRESH = 300.0
"""Seconds; what was signed longer ago, or so far in the future, is not trusted."""


@dataclass(frozen=True)
class Webhook:
    """One receiver. `name` is told to it as the receiver's name; `now` is the clock (seconds since the epoch)."""

    line: Line
    signing_key: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    name: str = "synthetics"
    now: Callable[[], float] = time.time
    carries: frozenset[Kind] = ALERTING
    pace: float = 0.0
    refreshes: bool = False
    cap: int = 0

    def send(self, message: Message, thread: Mapping[str, str]) -> Receipt:  # noqa: ARG002 -- the key says what belongs together
        """Post one alert."""
        body = encoded(_group(message, self.name))
        headers = {"Content-Type": "application/json", DELIVERY: hashlib.sha256(message.to_json().encode()).hexdigest()[:32]}
        if self.signing_key:
            headers[SIGNATURE] = signature(self.signing_key, body, self.now())
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return Receipt(self.line.post(content=body, headers=headers).words)


def signature(key: str, body: bytes, now: float) -> str:
    """Sign a body: the value of the header."""
    at = str(int(now))
    return f"t={at},v1={hmac.new(key.encode(), at.encode() + b'.' + body, hashlib.sha256).hexdigest()}"


def verify(key: str, body: bytes, header: str, now: float) -> bool:
    """Tell whether a body was signed with that key, less than `FRESH` seconds from now."""
    at = header.removeprefix("t=").partition(",")[0]
    fresh = at.isdecimal() and at.isascii() and abs(now - float(at)) <= FRESH
    return fresh and hmac.compare_digest(signature(key, body, float(at)).encode(), header.encode("utf-8", "replace"))


def read(table: Table, secret: Secret) -> Webhook:
    """Take `url` (an address, or ``{ env = "NAME" }``), `signing_key`, `token`, `name`, and `ca`, `deadline`.

    Raises:
        BadInput: a wrong value.
    """
    signing_key, token = kept(table, "signing_key", secret, optional=True), kept(table, "token", secret, optional=True)
    way = line(table, secret, secrets=[token])
    return Webhook(way, signing_key, token, table.text("name", "synthetics"))


def _group(message: Message, receiver: str) -> dict[str, Any]:
    over = message.kind is Kind.RESOLVE
    named, told = labelled(message), annotated(message)
    dashboard = web_address(message.dashboard) or ""
    alert = {
        "status": "resolved" if over else "firing",
        "labels": named,
        "annotations": told,
        "startsAt": stamp(message.since or message.at),
        "endsAt": stamp(message.ended or message.at) if over else stamp(0.0),
        "generatorURL": dashboard,
        "fingerprint": message.key[:16],
    }
    return {
        "version": "4",
        "groupKey": f'{{}}:{{key="{message.key}"}}',
        "truncatedAlerts": 0,
        "status": alert["status"],
        "receiver": receiver,
        "groupLabels": {"alertname": named["alertname"]} if "alertname" in named else {},
        "commonLabels": named,
        "commonAnnotations": told,
        "externalURL": dashboard,
        "alerts": [alert],
    }
