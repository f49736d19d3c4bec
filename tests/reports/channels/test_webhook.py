"""The signed webhook in Alertmanager's shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rehearsal.receiver import Receiver
from reports import channels
from reports.channels.webhook import FRESH, Webhook, signature, verify
from reports.message import Kind
from tests.receivers.recorder import takes_everything
from tests.reports.channels.made import ORDINARY
from tests.reports.channels.stands import HTTP, SECRETS, read

KEY = SECRETS["SIGNING_KEY"]
NOW = 1773307800.7


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Takes everything."""
    with Receiver(takes_everything) as found:
        yield found


@pytest.fixture
def channel(receiver: Receiver) -> Webhook:
    """A signed channel to it, at a known time."""
    found = HTTP["webhook"].channel(receiver.url)
    assert isinstance(found, Webhook)
    return replace(found, now=lambda: NOW)


def test_a_firing_and_a_resolved_alert_have_alertmanagers_shape(channel: Webhook, receiver: Receiver) -> None:
    """Every key of version 4, and times as Go writes them."""
    channel.send(ORDINARY, {})
    channel.send(replace(ORDINARY, kind=Kind.RESOLVE, ended=ORDINARY.at + 600), {})

    firing, resolved = [request.json() for request in receiver.requests]
    assert set(firing) == {
        "version",
        "groupKey",
        "truncatedAlerts",
        "status",
        "receiver",
        "groupLabels",
        "commonLabels",
        "commonAnnotations",
        "externalURL",
        "alerts",
    }
    assert set(firing["alerts"][0]) == {"status", "labels", "annotations", "startsAt", "endsAt", "generatorURL", "fingerprint"}
    assert [(each["version"], each["status"], each["alerts"][0]["endsAt"]) for each in (firing, resolved)] == [
        ("4", "firing", "0001-01-01T00:00:00Z"),
        ("4", "resolved", "2026-03-12T09:40:00.000Z"),
    ]
    for key in ("labels", "fingerprint", "startsAt"):
        assert firing["alerts"][0][key] == resolved["alerts"][0][key]
    assert firing["groupKey"] == resolved["groupKey"]


def test_a_request_is_signed_so_that_its_receiver_can_tell(channel: Webhook, receiver: Receiver) -> None:
    """Over the bytes as they came, with the time."""
    channel.send(ORDINARY, {})

    [request] = receiver.requests
    header = request.headers["x-synthetics-signature"]
    assert header.startswith("t=1773307800,v1=")
    assert verify(KEY, request.body, header, NOW)
    assert request.headers["authorization"] == f"Bearer {SECRETS['HOOK_TOKEN']}"


@pytest.mark.parametrize(
    ("key", "body", "header", "now"),
    [
        ("another key", b"{}", signature(KEY, b"{}", NOW), NOW),
        (KEY, b"{} ", signature(KEY, b"{}", NOW), NOW),
        (KEY, b"{}", signature(KEY, b"{}", NOW), NOW + FRESH + 1),
        (KEY, b"{}", signature(KEY, b"{}", NOW), NOW - FRESH - 1),
        (KEY, b"{}", signature(KEY, b"{}", NOW).replace("t=1773307800", "t=1773307801"), NOW),
        (KEY, b"{}", "", NOW),
        (KEY, b"{}", "t=,v1=", NOW),
        (KEY, b"{}", "t=\u0663,v1=\u00e9", NOW),
    ],
)
def test_what_is_forged_changed_or_old_is_not_verified(key: str, body: bytes, header: str, now: float) -> None:
    """Nor does a malformed header raise."""
    assert not verify(key, body, header, now)


def test_the_example_in_the_readme_verifies_what_is_sent(channel: Webhook, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """A receiver's author copies it."""
    import time

    channel.send(ORDINARY, {})
    example = re.search(r"```python\n(.*?)```", Path(channels.__file__).with_name("README.md").read_text(), re.DOTALL)
    assert example
    scope: dict[str, Any] = {}
    exec(example[1], scope)
    monkeypatch.setattr(time, "time", lambda: NOW)

    [request] = receiver.requests
    assert scope["verify"](KEY, request.body, request.headers["x-synthetics-signature"])
    assert not scope["verify"](KEY, request.body + b" ", request.headers["x-synthetics-signature"])
    assert not scope["verify"](KEY, request.body, "t=1,v1=0")


def test_every_try_of_a_message_has_one_delivery_id(channel: Webhook, receiver: Receiver) -> None:
    """And every message another."""
    for message in (ORDINARY, ORDINARY, replace(ORDINARY, kind=Kind.UPDATE)):
        channel.send(message, {})

    first, second, third = [request.headers["x-synthetics-delivery"] for request in receiver.requests]
    assert first == second != third


def test_without_a_key_nothing_is_signed(receiver: Receiver) -> None:
    """For a receiver that cannot check it."""
    read("webhook", f'url = "{receiver.url}"').send(ORDINARY, {})

    assert "x-synthetics-signature" not in receiver.requests[0].headers
    assert "authorization" not in receiver.requests[0].headers
