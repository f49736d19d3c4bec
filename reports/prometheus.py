"""A message in Prometheus' words, for Alertmanager and whoever takes its webhooks: labels that identify, annotations that tell.

Whoever shows them is not known here, and Alertmanager's own templates do not escape for chat. So no text in them is live anywhere (`defanged`).
"""

from __future__ import annotations

from reports.facts import facts, headline, lines
from reports.inert import defanged, fitted, one_line
from reports.message import Kind, Message
from reports.wording import moment

_LONGEST_LABEL = 200


def labelled(message: Message) -> dict[str, str]:
    """Return what identifies the alert, and nothing that changes while it is open: no severity, no location, no time. A drill and a test say so."""
    named = {
        "alertname": message.scenario,
        "target": message.target,
        "scenario": message.scenario,
        "failure": message.failure,
        "owner": message.owner,
        "monitor": "synthetics",
    }
    if message.drill:
        named["drill"] = "true"
    if message.kind is Kind.TEST:
        named["test"] = message.incident
    return {name: fitted(one_line(value, _LONGEST_LABEL), _LONGEST_LABEL) for name, value in named.items() if value}


def annotated(message: Message) -> dict[str, str]:
    """Return what is told: `summary`, `description`, every fact by its label (``trace_id``), and whole links (``runbook_url``)."""
    told = {"summary": headline(message), "description": lines(message), "kind": str(message.kind), "key": message.key, "incident": message.incident}
    told |= {each.label.lower().replace(" ", "_"): each.value for each in facts(message)}
    linked = {f"{each.label.lower()}_url": each.link for each in facts(message) if each.link}
    return {name: defanged(value) for name, value in told.items()} | linked


def stamp(seconds: float) -> str:
    """Write a time as RFC 3339 with milliseconds, in UTC; the zero of Go, which means never, for one that is unknown."""
    when = moment(seconds)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z") if when else "0001-01-01T00:00:00Z"
