"""The fan-out."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from flows.waiting import Budget, eventually
from launch.reading import BadInput
from rehearsal.receiver import Receiver, closed_port, drips_head, replies, silent
from reports.channels import Channel, Later
from reports.message import Kind
from tests.receivers.recorder import takes_everything
from tests.reports.channels.made import ORDINARY
from tests.reports.channels.stands import read

ROOT = Path(__file__).parents[3]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A service that takes everything."""
    with Receiver(takes_everything) as found:
        yield found


def fanout(*ports: int, more: str = "") -> Channel:
    """Return a channel to services at these ports."""
    addresses = " ".join(f"json://127.0.0.1:{port}/very-secret" for port in ports)
    return read("apprise", f'urls = {{ env = "SERVICES" }}\n{more}', {"SERVICES": addresses})


def test_every_service_is_told_of_what_kind_it_is(receiver: Receiver) -> None:
    """In apprise's words: failure, warning, info, success."""
    channel = fanout(receiver.server_port, receiver.server_port)
    receipt = channel.send(ORDINARY, {})
    channel.send(replace(ORDINARY, kind=Kind.RESOLVE), {})
    channel.send(replace(ORDINARY, severity="warning"), {})

    assert receipt.status == "told 2 services"
    assert [each.json()["type"] for each in receiver.requests] == ["failure"] * 2 + ["success"] * 2 + ["warning"] * 2


def test_where_some_are_not_reached_it_is_for_later_and_ambiguous(receiver: Receiver) -> None:
    """Those that were are told again."""
    with pytest.raises(Later, match="apprise reached 1 of 2 services") as later:
        fanout(receiver.server_port, closed_port()).send(ORDINARY, {})

    assert later.value.ambiguous


def test_where_none_is_reached_nothing_was_sent(receiver: Receiver) -> None:
    """Refused, or nobody there."""
    receiver.always = replies(500, b"very-secret")
    for port in (receiver.server_port, closed_port()):
        with pytest.raises(Later, match="apprise reached 0 of 1 services") as later:
            fanout(port).send(ORDINARY, {})

        assert not later.value.ambiguous
        assert "very-secret" not in str(later.value)


@pytest.mark.parametrize("trouble", [silent, drips_head], ids=["silent", "drips"])
def test_the_deadline_holds_whatever_apprise_waits_for(receiver: Receiver, trouble: object) -> None:
    """Its process is ended, and lets the connection go, if it had come so far."""
    receiver.always = trouble  # type: ignore[assignment]

    with pytest.raises(Later, match="not done after 3 s") as later:
        fanout(receiver.server_port, more="deadline = 3").send(ORDINARY, {})

    assert later.value.ambiguous
    assert eventually(
        lambda: receiver.left_alone.is_set() or not receiver.requests, reaches=True, within=Budget("a test", 20, 20), of="the connection", state=bool
    )


def test_the_process_ends_itself_where_nobody_waits_for_it_any_more(receiver: Receiver) -> None:
    """Who started it may have been killed."""
    receiver.always = drips_head
    request = {"urls": [f"json://127.0.0.1:{receiver.server_port}"], "title": "t", "body": "b", "type": "info", "seconds": 3}
    with subprocess.Popen([sys.executable, "-m", "reports.fanout"], stdin=subprocess.PIPE, cwd=ROOT, env={**os.environ}) as process:
        process.communicate(json.dumps(request).encode(), timeout=60)

    assert process.returncode == -signal.SIGALRM


def test_an_address_that_apprise_does_not_know_is_refused_and_not_shown(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    """Neither in the message nor in any log."""
    with pytest.raises(BadInput, match="address 2 of 2") as bad:
        read("apprise", 'urls = { env = "SERVICES" }', {"SERVICES": "json://127.0.0.1 very-secret"})

    out, err = capfd.readouterr()
    assert "very-secret" not in str(bad.value) + out + err + caplog.text
