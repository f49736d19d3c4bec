"""The status table of every channel that speaks HTTP: what it makes of each answer, and of every way to get none. Against real sockets."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from rehearsal.receiver import (
    Receiver,
    Trouble,
    Unaccepting,
    as_though,
    by_rules,
    closed_port,
    drips_body,
    drips_head,
    garbage,
    hang_up,
    lost,
    replies,
    silent,
)
from reports.channels import Later, Never
from tests.reports.channels.made import ORDINARY
from tests.reports.channels.stands import HTTP, STANDS, Way

ABOVE = 70_000
"""Bytes: more than is read of an answer."""

Place = Callable[[Way], AbstractContextManager[str]]


@dataclass(frozen=True)
class Case:
    """A receiver, and what follows from it: `accepted`, `later` or `never`; whether it may have arrived; and for how long the receiver asked to wait."""

    place: Place
    follows: str
    ambiguous: bool = False
    after: float | None = None
    hangs: bool = False


def met(trouble: Trouble) -> Place:
    """Return a receiver that gets into trouble once the channel says what it came to say."""

    @contextmanager
    def place(way: Way) -> Iterator[str]:
        with Receiver(way.rules()) as receiver:
            receiver.troubles.extend([by_rules] * way.looks)
            receiver.always = trouble
            yield receiver.url

    return place


@contextmanager
def untrusted(way: Way) -> Iterator[str]:
    """A receiver whose certificate nobody here trusts."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
    with Receiver(way.rules(), tls=tls) as receiver:
        yield receiver.url
        assert not receiver.requests


CASES = {
    "200": Case(met(as_though(200)), "accepted"),
    "202": Case(met(as_though(202)), "accepted"),
    "302": Case(met(replies(302, Location="http://127.0.0.1:9/")), "never"),
    "400": Case(met(replies(400)), "never"),
    "401": Case(met(replies(401)), "never"),
    "403": Case(met(replies(403)), "never"),
    "404": Case(met(replies(404)), "never"),
    "408": Case(met(replies(408)), "later"),
    "410": Case(met(replies(410)), "never"),
    "413": Case(met(replies(413)), "never"),
    "425": Case(met(replies(425)), "later"),
    "429, Retry-After absent": Case(met(replies(429)), "later"),
    "429, Retry-After present": Case(met(replies(429, Retry_After="17")), "later", after=17.0),
    "429, Retry-After absurd": Case(met(replies(429, Retry_After="31536000")), "later", after=300.0),
    "429, Retry-After garbage": Case(met(replies(429, Retry_After="-1")), "later"),
    "500": Case(met(replies(500)), "later", ambiguous=True),
    "503, Retry-After absent": Case(met(replies(503)), "later"),
    "503, Retry-After present": Case(met(replies(503, Retry_After="17")), "later", after=17.0),
    "503, Retry-After absurd": Case(met(replies(503, Retry_After="Thu, 12 Mar 2099 09:30:00 GMT")), "later", after=300.0),
    "TLS error": Case(untrusted, "later"),
    "DNS error": Case(lambda _: nullcontext("https://receiver.invalid"), "later"),
    "refused": Case(lambda _: nullcontext(f"http://127.0.0.1:{closed_port()}"), "later"),
    "timeout before accept": Case(lambda _: Unaccepting(), "later", hangs=True),
    "timeout after accept": Case(met(silent), "later", ambiguous=True, hangs=True),
    "done, and the answer lost": Case(met(lost), "later", ambiguous=True),
    "cut off after accept": Case(met(hang_up), "later", ambiguous=True),
    "not HTTP": Case(met(garbage), "later", ambiguous=True),
    "headers that drip": Case(met(drips_head), "later", ambiguous=True, hangs=True),
}
"""The same for every channel."""

READS = {
    "200, body over the limit": Case(met(as_though(200, ABOVE)), "accepted"),
    "200, body that drips": Case(met(drips_body(200)), "accepted", hangs=True),
    "200, body that is something else": Case(met(replies(200, b"<html>log in first</html>")), "accepted"),
}
"""Accepted by the status alone; but who needs the body (`Way.reads`) cannot tell, and tries again."""


def run(way: Way, case: Case, *, follows: str) -> None:
    """Send once, and compare what follows."""
    with case.place(way) as url:
        channel = way.channel(url, "deadline = 1" if case.hangs else "")
        if follows == "accepted":
            assert channel.send(ORDINARY, {}).status
        else:
            with pytest.raises((Later, Never)) as trouble:
                channel.send(ORDINARY, {})
            assert type(trouble.value) is {"later": Later, "never": Never}[follows]
            if isinstance(trouble.value, Later):
                assert trouble.value.after == case.after
                assert trouble.value.ambiguous is (case.ambiguous or case.follows == "accepted")


@pytest.mark.parametrize("name", HTTP)
@pytest.mark.parametrize("case", CASES)
def test_every_channel_reads_an_answer_in_the_same_way(name: str, case: str) -> None:
    """Status by status, trouble by trouble."""
    run(HTTP[name], CASES[case], follows=CASES[case].follows)


@pytest.mark.parametrize("name", HTTP)
@pytest.mark.parametrize("case", READS)
def test_a_body_matters_only_to_who_needs_it(name: str, case: str) -> None:
    """Slack's bot says in it whether it worked, GitHub names the issue; the others have said all with the status."""
    run(HTTP[name], READS[case], follows="later" if HTTP[name].reads else "accepted")


def test_the_table_holds_every_channel_that_speaks_http(tmp_path: Path) -> None:
    """Those with a line."""
    with ExitStack() as stack:
        found = {name for name, start in STANDS.items() if hasattr(start(tmp_path, stack).channel, "line")}

    assert found == set(HTTP)
