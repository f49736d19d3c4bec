"""The sign of life, at two receivers that do not depend on each other."""

from __future__ import annotations

import ssl
import threading
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import pytest
import trustme

from launch.reading import BadInput, Table
from rehearsal.receiver import Receiver, Reply, Request, Trouble, Unaccepting, closed_port, drips_body, drips_head, garbage, hang_up, replies, silent
from reports.heartbeat import Beat, beat, read, rid
from reports.heartbeat import Receiver as Watcher
from tests.receivers.recorder import takes_everything

RUN = "20260312T093000Z-4f1c"


@pytest.fixture
def pair() -> Iterator[tuple[Receiver, Receiver]]:
    """Two receivers."""
    with Receiver(takes_everything) as first, Receiver(takes_everything) as second:
        yield first, second


def watchers(*urls: str, deadline: float = 10.0) -> tuple[Watcher, ...]:
    """Return receivers as they are configured: the address is the secret."""
    text = "".join(f'[w{number}]\nurl = {{ env = "W{number}" }}\ndeadline = {deadline}\n' for number, _ in enumerate(urls))
    known = {f"W{number}": f"{url}/ping/0e4c2d7a-made-up-secret" for number, url in enumerate(urls)}
    return read(Table(Path("alerting.toml"), "heartbeats", tomllib.loads(text)), known.__getitem__)


def test_start_success_and_fail_are_told_to_both_with_the_runs_uuid(pair: tuple[Receiver, Receiver]) -> None:
    """By the convention of healthchecks.io; the note is the body."""
    both = watchers(*(each.url for each in pair))
    for what in Beat:
        heard = beat(both, what, RUN, "exit 0\n92 kept")
        assert [(each.receiver, each.ok, each.said) for each in heard] == [("w0", True, "200 OK"), ("w1", True, "200 OK")]

    for receiver in pair:
        assert [(each.method, each.target) for each in receiver.requests] == [
            ("POST", f"/ping/0e4c2d7a-made-up-secret{suffix}?rid={rid(RUN)}") for suffix in ("/start", "", "/fail")
        ]
        assert {each.body for each in receiver.requests} == {b"exit 0 92 kept"}


def test_a_run_has_one_uuid_and_another_run_another() -> None:
    """Start and end are paired by it, from whichever process they come."""
    assert rid(RUN) == UUID("11b2b757-319a-582d-a8af-dbfabf07a32d")
    assert rid(RUN) != rid("20260312T093500Z-4f1d")


TROUBLES: dict[str, tuple[Trouble, bool]] = {
    "200": (replies(200), True),
    "202": (replies(202), True),
    "302": (replies(302, Location="/"), False),
    "400": (replies(400), False),
    "401": (replies(401), False),
    "404": (replies(404), False),
    "408": (replies(408), False),
    "409": (replies(409), False),
    "429": (replies(429, Retry_After="60"), False),
    "500": (replies(500), False),
    "503": (replies(503), False),
    "body over the limit": (replies(200, b"x" * 100_000), True),
    "body that drips": (drips_body(200), True),
    "silent": (silent, False),
    "headers that drip": (drips_head, False),
    "reset": (hang_up, False),
    "not HTTP": (garbage, False),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_one_that_is_in_trouble_does_not_keep_it_from_the_other(pair: tuple[Receiver, Receiver], trouble: str) -> None:
    """Each has its own deadline and its own result, which shows no secret."""
    pair[0].always, ok = TROUBLES[trouble]

    first, second = beat(watchers(*(each.url for each in pair), deadline=1.0), Beat.SUCCESS, RUN)

    assert (first.ok, second.ok) == (ok, True)
    assert "made-up-secret" not in first.said
    assert len(pair[1].requests) == 1


def test_none_waits_for_another() -> None:
    """The first answers only once the second has been told."""
    told = threading.Event()

    def waits(_: Request) -> Reply:
        return Reply(200 if told.wait(8) else 500)

    def tells(_: Request) -> Reply:
        told.set()
        return Reply(200)

    with Receiver(waits) as first, Receiver(tells) as second:
        heard = beat(watchers(first.url, second.url), Beat.SUCCESS, RUN)

    assert [each.ok for each in heard] == [True, True]


def untrusted(stack: ExitStack) -> str:
    """A receiver whose certificate nobody trusts."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
    return stack.enter_context(Receiver(takes_everything, tls=tls)).url


NOWHERE: dict[str, Callable[[ExitStack], str]] = {
    "TLS error": untrusted,
    "DNS error": lambda _: "https://receiver.invalid",
    "refused": lambda _: f"http://127.0.0.1:{closed_port()}",
    "timeout before accept": lambda stack: stack.enter_context(Unaccepting()),
}


@pytest.mark.parametrize("nowhere", NOWHERE)
def test_one_that_cannot_be_reached_does_not_keep_it_from_the_other(pair: tuple[Receiver, Receiver], nowhere: str) -> None:
    """Likewise."""
    with ExitStack() as stack:
        first, second = beat(watchers(NOWHERE[nowhere](stack), pair[1].url, deadline=1.0), Beat.FAIL, RUN)

    assert (first.ok, second.ok) == (False, True)
    assert "made-up-secret" not in first.said


def test_without_receivers_nobody_is_told() -> None:
    """And nothing fails."""
    assert beat((), Beat.START, RUN) == ()


@pytest.mark.parametrize("url", ["https://push.example.com/api?status=up", "push.example.com", ""])
def test_an_address_that_nothing_can_stand_behind_is_refused(url: str) -> None:
    """The message does not show it."""
    with pytest.raises(BadInput, match=r"heartbeats\.w0\.url") as bad:
        read(Table(Path("alerting.toml"), "heartbeats", {"w0": {"url": {"env": "W0"}}}), lambda _: url)

    assert "push.example.com" not in str(bad.value)


def test_a_misspelt_key_is_refused() -> None:
    """And its value not shown."""
    with pytest.raises(BadInput, match="ulr") as bad:
        read(Table(Path("alerting.toml"), "heartbeats", {"w0": {"url": "https://x.example.com", "ulr": "v3ry-secret"}}), lambda _: "")

    assert "v3ry-secret" not in str(bad.value)
