"""Alertmanager: what it is sent; and Debian's own, which fires, is refreshed, and resolves."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.waiting import Budget, eventually
from launch.reading import BadInput
from rehearsal.receiver import Receiver
from reports.channels.alertmanager import Alertmanager
from reports.message import Kind, Message
from tests.parts.alertmanager import Running, running
from tests.receivers import recorder
from tests.reports.channels.made import ORDINARY
from tests.reports.channels.stands import HTTP, SECRETS, read

NOW = ORDINARY.at + 60


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Alertmanager's API."""
    with Receiver(recorder.alertmanager) as found:
        yield found


def sent(receiver: Receiver, *messages: Message) -> list[dict[str, Any]]:
    """Send messages at a known time, and return the alerts as they came."""
    channel = HTTP["alertmanager"].channel(receiver.url)
    assert isinstance(channel, Alertmanager)
    for each in messages:
        replace(channel, now=lambda: NOW).send(each, {})
    return [each for request in receiver.requests for each in request.json()]


def test_only_what_never_changes_is_a_label(receiver: Receiver) -> None:
    """Severity, locations, time and text may change while the alert is open; drills and tests are told apart."""
    changed = replace(
        ORDINARY, kind=Kind.UPDATE, severity="warning", locations=("us-east",), at=NOW, title="other", error="other", run="other", trace_id="other"
    )
    first, second, drill, test = sent(receiver, ORDINARY, changed, replace(ORDINARY, drill=True), replace(ORDINARY, kind=Kind.TEST))

    assert (
        first["labels"]
        == second["labels"]
        == {
            "alertname": "quota.limit-plus-one",
            "scenario": "quota.limit-plus-one",
            "target": "staging",
            "failure": "integrity",
            "owner": "billing",
            "monitor": "synthetics",
            "page": "yes",
        }
    )
    assert drill["labels"] == {**first["labels"], "drill": "true"}
    assert test["labels"] == {**first["labels"], "test": ORDINARY.incident}
    assert (first["annotations"]["severity"], second["annotations"]["severity"]) == ("critical", "warning")
    assert first["annotations"]["runbook_url"] == ORDINARY.runbook
    assert first["generatorURL"] == ORDINARY.dashboard


def test_a_firing_alert_lasts_three_cadences_from_now_and_an_ended_one_ends_now(receiver: Receiver) -> None:
    """From now, not from when it was decided: it may have waited in the outbox. A REFRESH of an ended one repeats the end."""
    ended = replace(ORDINARY, kind=Kind.RESOLVE, ended=NOW - 1)
    alerts = sent(receiver, ORDINARY, replace(ORDINARY, kind=Kind.REFRESH), ended, replace(ended, kind=Kind.REFRESH))

    assert [(each["startsAt"], each["endsAt"]) for each in alerts] == [
        ("2026-03-12T09:17:48.000Z", "2026-03-12T09:46:00.000Z"),
        ("2026-03-12T09:17:48.000Z", "2026-03-12T09:46:00.000Z"),
        ("2026-03-12T09:17:48.000Z", "2026-03-12T09:31:00.000Z"),
        ("2026-03-12T09:17:48.000Z", "2026-03-12T09:31:00.000Z"),
    ]


def test_an_alert_never_ends_before_it_starts(receiver: Receiver) -> None:
    """A clock that jumped back would make Alertmanager refuse the end."""
    [alert] = sent(receiver, replace(ORDINARY, kind=Kind.RESOLVE, since=NOW + 100))

    assert alert["startsAt"] == alert["endsAt"]


@pytest.mark.parametrize(
    ("settings", "header"),
    [
        ("", None),
        ('token = { env = "HOOK_TOKEN" }', f"Bearer {SECRETS['HOOK_TOKEN']}"),
        ('user = "synthetics"\npassword = { env = "HOOK_TOKEN" }', "Basic c3ludGhldGljczp0MGtlbi1vZi10aGUtaG9vaw=="),
    ],
)
def test_it_is_asked_as_it_wants_to_be(receiver: Receiver, settings: str, header: str | None) -> None:
    """Without authorization, by token, by password."""
    read("alertmanager", f'url = "{receiver.url}"\n{settings}').send(ORDINARY, {})

    assert receiver.requests[0].headers.get("authorization") == header


@pytest.mark.parametrize(
    "settings",
    [
        "",
        'url = "http://127.0.0.1:9"\nuser = "synthetics"',
        'url = "http://127.0.0.1:9"\npassword = { env = "HOOK_TOKEN" }',
        'url = "http://127.0.0.1:9"\nuser = "u"\npassword = { env = "HOOK_TOKEN" }\ntoken = { env = "HOOK_TOKEN" }',
        'url = "http://127.0.0.1:9"\nlabels = { "not-a-name" = "x" }',
        'url = "http://127.0.0.1:9"\nlabels = { page = 1 }',
        'url = "http://alerts.example.com"\ntoken = { env = "HOOK_TOKEN" }',
    ],
)
def test_settings_that_cannot_be_are_refused(settings: str) -> None:
    """Before anything is sent."""
    with pytest.raises(BadInput, match="alertmanager"):
        read("alertmanager", settings)


@pytest.fixture
def debian(tmp_path: Path) -> Iterator[Running]:
    """Debian's Alertmanager, with a webhook of ours behind it."""
    with running(tmp_path) as found:
        yield found


def heard(debian: Running, status: str) -> list[dict[str, Any]]:
    """Return the notifications of that status, in order."""
    return [each for each in debian.notifications() if each["status"] == status]


def await_active(debian: Running, number: int) -> None:
    """Wait until Alertmanager shows so many active alerts."""
    eventually(debian.active, reaches=number, within=Budget("Alertmanager", 60, 60), of="its active alerts", state=len)


def test_debians_alertmanager_is_told_of_an_alert_its_refreshes_and_its_end(debian: Running) -> None:
    """The webhook behind it hears one firing and one resolved; between them the alert outlives its first `endsAt` because it is repeated."""
    channel = read("alertmanager", f'url = "{debian.url}"')
    message = replace(ORDINARY, since=time.time() - 60, at=time.time(), cadence=2.0)
    channel.send(message, {})
    await_active(debian, 1)
    first_end = debian.active()[0]["endsAt"]
    eventually(lambda: heard(debian, "firing"), reaches=1, within=Budget("Alertmanager", 60, 60), of="its notifications", state=len)

    def refreshed() -> bool:
        channel.send(replace(message, kind=Kind.REFRESH, at=time.time()), {})
        return datetime.now(UTC) > datetime.fromisoformat(first_end)

    eventually(refreshed, reaches=True, within=Budget("Alertmanager", 60, 60), of="the first end", state=bool)
    assert [each["labels"]["alertname"] for each in debian.active()] == ["quota.limit-plus-one"]
    assert heard(debian, "resolved") == []

    ended = replace(message, kind=Kind.RESOLVE, ended=time.time())
    channel.send(ended, {})
    channel.send(replace(ended, kind=Kind.REFRESH), {})
    eventually(lambda: heard(debian, "resolved"), reaches=1, within=Budget("Alertmanager", 60, 60), of="its notifications", state=len)

    [firing], [resolved] = heard(debian, "firing"), heard(debian, "resolved")
    assert debian.active() == []
    assert firing["alerts"][0]["fingerprint"] == resolved["alerts"][0]["fingerprint"]
    assert firing["alerts"][0]["annotations"]["trace_id"] == ORDINARY.trace_id


def test_debians_alertmanager_forgets_what_is_not_repeated(debian: Running) -> None:
    """Which is why it is refreshed."""
    read("alertmanager", f'url = "{debian.url}"').send(replace(ORDINARY, since=time.time(), cadence=0.5), {})
    eventually(lambda: heard(debian, "firing"), reaches=1, within=Budget("Alertmanager", 60, 60), of="its notifications", state=len)

    await_active(debian, 0)
    eventually(lambda: heard(debian, "resolved"), reaches=1, within=Budget("Alertmanager", 60, 60), of="its notifications", state=len)


def test_debians_alertmanager_sends_what_our_webhook_sends(debian: Running) -> None:
    """The keys of version 4, but for what is Alertmanager's own."""
    with Receiver(recorder.takes_everything) as receiver:
        HTTP["webhook"].channel(receiver.url).send(ORDINARY, {})
        read("alertmanager", f'url = "{debian.url}"').send(replace(ORDINARY, since=time.time()), {})
        eventually(lambda: heard(debian, "firing"), reaches=1, within=Budget("Alertmanager", 60, 60), of="its notifications", state=len)

        ours, theirs = receiver.requests[0].json(), heard(debian, "firing")[0]
        assert set(ours) == set(theirs)
        assert set(ours["alerts"][0]) == set(theirs["alerts"][0])
        assert ours["commonLabels"] == theirs["commonLabels"]
