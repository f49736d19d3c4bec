"""HTTP as channels speak it: bounded, verified, and read in one way. Against real sockets."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme

from flows.waiting import Budget, eventually
from launch.reading import BadInput, Table
from rehearsal.receiver import Receiver, Reply, Trouble, Unaccepting, closed_port, drips_body, drips_head, garbage, hang_up, replies, silent
from reports import wire
from reports.channels import Later, Never
from reports.wire import LONGEST_WAIT, MOST_BYTES, Line, asked_wait, line

SOON = Budget("a test", 20, 20)
SECRET = 'R0UTING+KEY/that&nobody"sees'


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that accepts everything."""
    with Receiver(lambda _: Reply(202, {"status": "success"})) as found:
        yield found


def to(receiver: Receiver, deadline: float = 10.0, **more: object) -> Line:
    """Return a line to a receiver."""
    return Line(receiver.url, deadline=deadline, **more)


def await_left_alone(receiver: Receiver) -> None:
    """Wait until the receiver sees that the other side has gone."""
    assert eventually(receiver.left_alone.is_set, reaches=True, within=SOON, of="the connection", state=bool)


def test_what_is_sent_arrives_as_it_was(receiver: Receiver) -> None:
    """Method, path, JSON in UTF-8, headers."""
    answer = to(receiver).post("/v2/enqueue", json={"text": "größer ≥ \ud800"}, headers={"X-One": "1"})

    [request] = receiver.requests
    assert answer.words == "202 Accepted"
    assert (request.method, request.target, request.json()) == ("POST", "/v2/enqueue", {"text": "größer ≥ ?"})
    assert request.headers["x-one"] == "1"
    assert request.headers["accept-encoding"] == "identity"
    assert request.headers["content-type"] == "application/json"


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_2xx_is_accepted(receiver: Receiver, status: int) -> None:
    """Whichever it is."""
    receiver.always = replies(status)

    assert to(receiver).post().status == status


@pytest.mark.parametrize(("status", "ambiguous"), [(408, False), (425, False), (429, False), (500, True), (502, True), (503, False), (504, True), (599, True)])
def test_what_may_pass_is_for_later(receiver: Receiver, status: int, ambiguous: bool) -> None:
    """A receiver that broke over it may have it; one that never took it has not."""
    receiver.always = replies(status, b"busy")

    with pytest.raises(Later, match=f"{status}.*busy") as later:
        to(receiver).post()

    assert later.value.ambiguous is ambiguous
    assert later.value.after is None


@pytest.mark.parametrize("status", [300, 301, 302, 307, 308, 400, 401, 403, 404, 410, 413, 422])
def test_what_does_not_pass_is_for_never(receiver: Receiver, status: int) -> None:
    """No redirect is followed, wherever it leads."""
    receiver.always = replies(status, b"no", Location=f"{receiver.url}/elsewhere")

    with pytest.raises(Never, match=str(status)):
        to(receiver).post()

    assert len(receiver.requests) == 1


def test_a_closed_port_and_an_unknown_name_are_for_later_and_nothing_was_sent() -> None:
    """There was nobody to send it to."""
    for url in (f"http://127.0.0.1:{closed_port()}", "https://receiver.invalid/path"):
        with pytest.raises(Later, match="no connection") as later:
            Line(url).post()

        assert not later.value.ambiguous


def test_a_connection_that_is_never_made_ends_with_the_deadline() -> None:
    """The other side does not accept: nothing was sent."""
    with Unaccepting() as url, pytest.raises(Later, match="no connection") as later:
        Line(url, deadline=1.0).post(json={})

    assert not later.value.ambiguous


def test_an_untrusted_certificate_is_for_later_and_nothing_was_sent(tmp_path: Path) -> None:
    """The one that `ca` names is trusted, and nobody else's then."""
    ours, theirs = trustme.CA(), trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.issue_cert("127.0.0.1").configure_cert(tls)
    ours.cert_pem.write_to_path(str(tmp_path / "ours.pem"))
    theirs.cert_pem.write_to_path(str(tmp_path / "theirs.pem"))

    with Receiver(lambda _: Reply(202), tls=tls) as receiver:
        assert to(receiver, ca=str(tmp_path / "ours.pem")).post().status == 202
        for ca in ("", str(tmp_path / "theirs.pem")):
            with pytest.raises(Later, match=r"no TLS.*CERTIFICATE_VERIFY_FAILED") as later:
                to(receiver, ca=ca).post()

            assert not later.value.ambiguous
        assert len(receiver.requests) == 1


def test_what_goes_without_tls_does_not_wait_for_authorities(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading the system's takes longer than the message; with TLS they are asked for."""
    asked: list[str] = []
    monkeypatch.setattr(wire, "trust", lambda ca: asked.append(ca) or wire.nobody())

    with Receiver(lambda _: Reply(202)) as receiver:
        to(receiver).post()
        assert asked == []

        with pytest.raises(Later, match="no TLS"):
            Line(receiver.url.replace("http:", "HTTPS:")).post()

    assert asked == [""]


def test_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    """However much its authority is trusted."""
    ours, tls = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.issue_cert("events.example.com").configure_cert(tls)
    ours.cert_pem.write_to_path(str(tmp_path / "ours.pem"))

    with Receiver(lambda _: Reply(202), tls=tls) as receiver, pytest.raises(Later, match="no TLS"):
        to(receiver, ca=str(tmp_path / "ours.pem")).post()


def test_a_port_that_speaks_no_tls_is_for_later(receiver: Receiver) -> None:
    """Nothing was sent in the clear."""
    with pytest.raises(Later, match="no TLS") as later:
        Line(receiver.url.replace("http:", "https:")).post(json={"secret": SECRET})

    assert not later.value.ambiguous
    assert not receiver.requests


@pytest.mark.parametrize("trouble", [silent, drips_head], ids=["silent", "drips"])
def test_no_answer_in_time_is_ambiguous_however_slowly_it_drips(receiver: Receiver, trouble: Trouble) -> None:
    """The other side would go on for ever: that this returns is the deadline, and the connection is ended."""
    receiver.always = trouble

    with pytest.raises(Later, match=r"no answer after 1 s") as later:
        to(receiver, deadline=1.0).post(json={})

    assert later.value.ambiguous
    await_left_alone(receiver)


@pytest.mark.parametrize("trouble", [hang_up, garbage], ids=["reset", "not HTTP"])
def test_a_connection_that_breaks_after_the_request_is_ambiguous(receiver: Receiver, trouble: Trouble) -> None:
    """It may have been carried out."""
    receiver.always = trouble

    with pytest.raises(Later, match="no answer: ") as later:
        to(receiver).post(json={})

    assert later.value.ambiguous


def test_a_status_that_arrived_counts_though_its_body_drips_for_ever(receiver: Receiver) -> None:
    """The receiver has said what it has to say; what is missing of the body is told."""
    receiver.troubles.extend([drips_body(202), drips_body(400)])
    short = to(receiver, deadline=1.0)

    answer = short.post()

    assert answer.status == 202
    assert not answer.whole
    await_left_alone(receiver)
    with pytest.raises(Never, match="400"):
        short.post()


def test_of_a_large_body_only_the_beginning_is_read(receiver: Receiver) -> None:
    """One exactly at the limit is whole, one above it is not; nothing compressed is decompressed."""
    receiver.troubles.extend(
        [
            replies(200, b"x" * MOST_BYTES),
            replies(200, b"x" * (MOST_BYTES + 1)),
            replies(200, b"x" * 20_000_000),
            replies(200, b"\x1f\x8b\x08", Content_Encoding="gzip"),
        ]
    )
    answers = [to(receiver).post() for _ in range(4)]

    assert [(len(each.body), each.whole) for each in answers] == [(MOST_BYTES, True), (MOST_BYTES, False), (MOST_BYTES, False), (3, True)]


def test_a_body_that_is_no_json_is_for_later_since_the_request_was_accepted(receiver: Receiver) -> None:
    """Also one that did not arrive whole."""
    receiver.troubles.extend([replies(200, b"<html>"), replies(200, b"[" * 60_000), replies(200, b'{"a": "' + b"x" * 100_000 + b'"}')])
    for why in ("no JSON", "no JSON", "whole"):
        with pytest.raises(Later, match=why) as later:
            to(receiver).post().json()

        assert later.value.ambiguous


def test_one_deadline_holds_over_all_requests_of_a_send(receiver: Receiver) -> None:
    """What is left after the first is what the second has; after the end none begins."""
    receiver.troubles.extend([replies(200), drips_body(200)])
    call = to(receiver, deadline=1.0).call()
    call.send("POST")
    call.send("POST")

    with pytest.raises(Later, match="no time left") as later:
        call.send("POST")

    assert not later.value.ambiguous
    assert len(receiver.requests) == 2


NOW = 1773307800.0
DATE = "Thu, 12 Mar 2026 09:30:{:02} GMT"


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ({}, None),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": " 7 "}, 7.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "300"}, 300.0),
        ({"retry-after": "301"}, LONGEST_WAIT),
        ({"retry-after": "9" * 5000}, LONGEST_WAIT),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "1e9"}, None),
        ({"retry-after": "٣"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": DATE.format(20)}, 20.0),
        ({"retry-after": "Thu, 12 Mar 2026 09:29:00 GMT"}, 0.0),
        ({"retry-after": "Thu, 12 Mar 2099 09:30:00 GMT"}, LONGEST_WAIT),
        ({"retry-after": "Thu, 99 Mar 2026 09:30:00 GMT"}, None),
        ({"retry-after": DATE.format(50), "date": DATE.format(20)}, 30.0),
        ({"retry-after": DATE.format(50), "date": "yesterday"}, 50.0),
    ],
)
def test_retry_after_is_believed_within_reason(headers: dict[str, str], after: float | None) -> None:
    """Seconds or a date; a date counts from the answer's own, so that a clock that is wrong here does not matter."""
    assert asked_wait(headers, NOW) == after


def test_retry_after_is_told_with_the_error(receiver: Receiver) -> None:
    """As it came over the wire."""
    receiver.troubles.extend([replies(429, Retry_After="17"), replies(503, Retry_After="100000")])

    for after in (17.0, LONGEST_WAIT):
        with pytest.raises(Later) as later:
            to(receiver).post()

        assert later.value.after == after


def echo(form: Callable[[str], str]) -> Trouble:
    """Refuse, and repeat what is secret."""
    return replies(400, f"invalid key {form(SECRET)} for Bearer t0ken-of-a-bot".encode())


def test_no_secret_stands_in_an_error_however_the_receiver_repeats_it(receiver: Receiver) -> None:
    """As it is, escaped for HTML, for JSON, for an address; and the credentials of the request."""
    import html
    import json
    from urllib.parse import quote

    for form in (str, html.escape, quote, lambda text: quote(text, safe=""), lambda text: json.dumps(text)[1:-1]):
        receiver.troubles.append(echo(form))
        with pytest.raises(Never, match="invalid key") as never:
            to(receiver, secrets=(SECRET,)).post(headers={"Authorization": "Bearer t0ken-of-a-bot"})

        assert str(never.value).endswith("400 Bad Request: invalid key [secret] for Bearer [secret]")


def test_no_path_stands_in_an_error_and_no_secret_in_a_representation(receiver: Receiver) -> None:
    """The path of a webhook is its secret."""
    hook = f"{receiver.url}/services/T0/B0/very-secret"
    ways = [
        Line(hook, (SECRET,)),
        Line(f"http://127.0.0.1:{closed_port()}/very-secret"),
        Line("https://receiver.invalid/very-secret"),
        Line("https://x.example.com/\x00/very-secret"),
    ]
    receiver.always = hang_up
    for way in ways:
        with pytest.raises((Later, Never)) as trouble:
            way.post()

        assert "very-secret" not in str(trouble.value) + repr(way)
        assert SECRET not in repr(way)
        assert trouble.value.__cause__ is None


def test_an_error_is_one_inert_line_of_bounded_length(receiver: Receiver) -> None:
    """Whatever the receiver says."""
    receiver.always = replies(400, b"\x1b[31m<h1>\r\n" + "\u202e".encode() + b"x" * 50_000)

    with pytest.raises(Never) as never:
        to(receiver).post()

    assert len(str(never.value)) < 500
    assert str(never.value).isprintable()


def settings(text: str) -> Table:
    """Return a table as a person writes it."""
    import tomllib

    return Table(Path("alerting.toml"), "pager", tomllib.loads(text))


def known(name: str) -> str:
    """Return the variables of the tests."""
    return {"HOOK": "https://hooks.example.com/services/very-secret", "PLAIN_HOOK": "http://hooks.example.com/very-secret"}[name]


def test_a_line_is_read_from_its_table(tmp_path: Path) -> None:
    """An address, or the variable that holds it; authorities; a shorter deadline."""
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    found = line(settings(f'url = "https://x.example.com"\nca = "{tmp_path}/ca.pem"\ndeadline = 3'), known)

    assert found == Line("https://x.example.com", (), f"{tmp_path}/ca.pem", 3.0)
    assert line(settings(""), known, "https://usual.example.com") == Line("https://usual.example.com")
    assert line(settings('url = { env = "HOOK" }'), known).secrets == (known("HOOK"), "services/very-secret")


@pytest.mark.parametrize(
    ("text", "secrets", "says"),
    [
        ("", (), "pager.url: saw nothing"),
        ('url = "ftp://x.example.com"', (), "allowed is a web address"),
        ('url = "https://"', (), "allowed is a web address"),
        ('url = "https://x.example.com:port"', (), "allowed is a web address"),
        ('url = "https://[x.example.com"', (), "allowed is a web address"),
        ('url = "https://x.example.com/a b"', (), "allowed is a web address"),
        ('url = "https://user:pass@x.example.com"', (), "a key of its own"),
        ('url = "http://x.example.com"', (SECRET,), "allowed is https"),
        ('url = { env = "PLAIN_HOOK" }', (), "allowed is https"),
        ('url = "https://x.example.com"\ndeadline = 11', (), "at most 10"),
        ('url = "https://x.example.com"\ndeadline = 0', (), "0.1 or more"),
        ('url = "https://x.example.com"\nca = "/nowhere/ca.pem"', (), "a file of certificates"),
    ],
)
def test_a_line_that_cannot_be_is_refused(text: str, secrets: tuple[str, ...], says: str) -> None:
    """The message says file, key, what was seen and what is allowed; never a secret."""
    with pytest.raises(BadInput, match=says) as bad:
        line(settings(text), known, secrets=secrets)

    assert "alerting.toml: pager." in str(bad.value)
    assert not {"very-secret", SECRET, "user:pass"} & set(str(bad.value).split())


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_a_secret_may_go_to_this_machine_itself_in_the_clear(host: str) -> None:
    """It does not leave it."""
    assert line(settings(f'url = "http://{host}:9"'), known, secrets=[SECRET]).url == f"http://{host}:9"


def test_a_proxy_of_the_environment_is_used_and_its_trouble_is_not_ours(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that refuses to connect has sent nothing on; a plain request goes through it."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", receiver.url)
    monkeypatch.setenv("HTTPS_PROXY", receiver.url)

    assert Line("http://events.example.com/v2").post().status == 202
    assert receiver.requests[0].target == "http://events.example.com/v2"
    receiver.always = replies(503)
    with pytest.raises(Later) as later:
        Line("https://events.example.com/v2").post(json={})

    assert not later.value.ambiguous
    assert receiver.requests[1].method == "CONNECT"
