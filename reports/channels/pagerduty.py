"""PagerDuty, by its Events API v2: alerts to ``/v2/enqueue``, marks beside them to ``/v2/change/enqueue``.

PagerDuty makes one incident of all triggers with one `dedup_key` while it is open, so whatever keeps an alert open is sent as a trigger. After a resolve a
late trigger opens another incident: that the order is kept is the outbox's part. A resolve counts only with the routing key of its trigger.

Source: developer.pagerduty.com, "Events API v2": Trigger, acknowledge and resolve events; Send a change event; 512 KB for an event.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from launch.reading import BadInput, Table
from launch.vocabulary import SEVERITIES
from reports.channels import ALERTING, Receipt, Secret, kept
from reports.facts import facts, headline, links
from reports.inert import fitted, one_line, unlinked, web_address
from reports.message import Kind, Message
from reports.prometheus import stamp
from reports.wire import Line, line

HOST = "https://events.pagerduty.com"
"""Accounts in the EU set `url` to https://events.eu.pagerduty.com."""

ROUTING_KEY = 32
"""So many characters has an integration key."""

SUMMARY = 1024
DEDUP_KEY = 255
_SHORT = 255


@dataclass(frozen=True)
class PagerDuty:
    """One service of PagerDuty."""

    line: Line
    routing_key: str = field(repr=False)
    carries: frozenset[Kind] = ALERTING | {Kind.CHANGE}
    pace: float = 0.0
    refreshes: bool = False
    cap: int = 0

    def send(self, message: Message, thread: Mapping[str, str]) -> Receipt:
        """Send one event; the receipt's thread holds its `dedup_key`."""
        if message.kind is Kind.CHANGE:
            return Receipt(self.line.post("/v2/change/enqueue", json=self._change(message)).words)
        event = self._event(message, thread.get("dedup_key") or dedup_key(message))
        return Receipt(self.line.post("/v2/enqueue", json=event).words, {"dedup_key": event["dedup_key"]})

    def _event(self, message: Message, key: str) -> dict[str, Any]:
        action = {Kind.ACKNOWLEDGE: "acknowledge", Kind.RESOLVE: "resolve"}.get(message.kind, "trigger")
        event: dict[str, Any] = {"routing_key": self.routing_key, "event_action": action, "dedup_key": key}
        if action != "trigger":
            return event
        payload = {
            "summary": headline(message, SUMMARY),
            "source": _short(message.target) or "unknown target",
            "severity": "info" if message.kind is Kind.TEST else message.severity if message.severity in SEVERITIES else "error",
            "timestamp": stamp(message.at),
            "component": _short(message.scenario),
            "group": _short(message.scenario.partition(".")[0]),
            "class": _short(message.failure),
            "custom_details": _details(message),
        }
        if not message.at:
            del payload["timestamp"]
        event |= {"payload": payload, "links": _links(message), "client": "synthetics"}
        if dashboard := web_address(message.dashboard):
            event["client_url"] = dashboard
        return event

    def _change(self, message: Message) -> dict[str, Any]:
        payload = {
            "summary": headline(message, SUMMARY),
            "source": _short(message.target) or "unknown target",
            "timestamp": stamp(message.at),
            "custom_details": _details(message),
        }
        if not message.at:
            del payload["timestamp"]
        return {"routing_key": self.routing_key, "payload": payload, "links": _links(message)}


def dedup_key(message: Message) -> str:
    """Return what makes one incident of several events: the alert's key. A test page has one of its own, so that each rings; one too long is hashed."""
    key = f"test-{message.incident}" if message.kind is Kind.TEST else message.key
    return key if len(key) <= DEDUP_KEY else hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def read(table: Table, secret: Secret) -> PagerDuty:
    """Take `routing_key`, and `url`, `ca`, `deadline`.

    Raises:
        BadInput: a wrong value; a key that is no integration key.
    """
    key = kept(table, "routing_key", secret)
    if len(key) != ROUTING_KEY:
        raise BadInput(f"{table.at('routing_key')}: the variable holds {len(key)} characters; an integration key of Events API v2 has {ROUTING_KEY}")
    return PagerDuty(line(table, secret, HOST, secrets=[key]), key)


def _details(message: Message) -> dict[str, str]:
    return {each.label: each.link or unlinked(each.value) for each in facts(message)}


def _links(message: Message) -> list[dict[str, str]]:
    return [{"href": each.link, "text": each.label} for each in links(message)]


def _short(text: str) -> str:
    return fitted(one_line(text, _SHORT), _SHORT)
