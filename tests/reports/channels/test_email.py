"""E-mail, to a real SMTP server: the conversation of an incident, digests, and every way to be refused."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from launch.reading import BadInput
from rehearsal.receiver import Unaccepting, closed_port
from reports.channels import Channel, Digests, Later, Never
from reports.channels.email import LISTED
from reports.message import Kind
from tests.receivers.post import PASSWORD, USER, Post, PostOffice
from tests.reports.channels.made import HOSTILE, HUGE, ORDINARY
from tests.reports.channels.stands import read

TO = ("oncall@example.com", "backup@example.com")


def channel(port: int, more: str = 'tls = "none"', to: tuple[str, ...] = TO) -> Channel:
    """Return a channel to a port."""
    written = ", ".join(f'"{each}"' for each in to)
    settings = f'server = "127.0.0.1"\nport = {port}\nsender = "alerts@example.com"\nto = [{written}]\n{more}'
    return read("email", settings, {"MAIL_PASSWORD": PASSWORD, "WRONG_PASSWORD": "wr0ng-secret"})


@pytest.fixture
def post() -> Post:
    """The server's rules."""
    return Post()


@pytest.fixture
def mail(post: Post) -> Iterator[Channel]:
    """A channel to it, in the clear on loopback."""
    with PostOffice(post) as office:
        yield channel(office.port)


def test_an_incident_is_one_conversation(mail: Channel, post: Post) -> None:
    """Later mails refer to the first, whose id follows from the incident: also where nothing is left of its receipt."""
    for kind in (Kind.TRIGGER, Kind.UPDATE, Kind.RESOLVE):
        mail.send(replace(ORDINARY, kind=kind), {})

    first, update, end = [letter.mail for letter in post.letters]
    assert first["Message-ID"] == f"<synthetics.{ORDINARY.incident}@example.com>"
    assert first["In-Reply-To"] is None
    assert [each["In-Reply-To"] for each in (update, end)] == [first["Message-ID"]] * 2
    assert [each["References"] for each in (update, end)] == [first["Message-ID"]] * 2
    assert len({each["Message-ID"] for each in (first, update, end)}) == 3


def test_the_same_mail_sent_twice_has_the_same_id(mail: Channel, post: Post) -> None:
    """A mailbox shows it once."""
    for message in (
        ORDINARY,
        ORDINARY,
        replace(ORDINARY, kind=Kind.UPDATE),
        replace(ORDINARY, kind=Kind.UPDATE),
        replace(ORDINARY, kind=Kind.UPDATE, at=ORDINARY.at + 1),
    ):
        mail.send(message, {})

    ids = [letter.mail["Message-ID"] for letter in post.letters]
    assert ids[0] == ids[1]
    assert ids[2] == ids[3] != ids[4]


def test_a_mail_says_that_a_program_wrote_it(mail: Channel, post: Post) -> None:
    """Absence notes stay away; the date is that of the decision."""
    mail.send(ORDINARY, {})

    [letter] = post.letters
    assert letter.to == TO
    assert letter.mail["Auto-Submitted"] == "auto-generated"
    assert letter.mail["X-Auto-Response-Suppress"] == "All"
    assert letter.mail["Subject"] == f"Broken: {ORDINARY.title} (quota.limit-plus-one on staging)"
    assert letter.mail["From"] == "Synthetics <alerts@example.com>"
    assert letter.mail["Date"].datetime.timestamp() == ORDINARY.at
    assert f'<a href="{ORDINARY.runbook.replace("&", "&amp;")}">' in letter.part("html")


def test_no_line_of_a_target_becomes_a_header(mail: Channel, post: Post) -> None:
    """Neither by line breaks nor by an incident that is no name; the envelope is ours."""
    mail.send(replace(HOSTILE, incident="x@y>\r\nBcc: victim@evil.example"), {})

    [letter] = post.letters
    head = letter.raw.partition(b"\r\n\r\n")[0]
    assert letter.to == TO
    assert [line for line in head.split(b"\r\n") if line.lower().startswith(b"bcc")] == []
    assert letter.mail["Bcc"] is None
    assert len(letter.mail.get_all("Subject")) == 1
    assert letter.mail["Message-ID"].endswith("@example.com>")


def test_a_mail_is_pure_ascii_in_short_lines(mail: Channel, post: Post) -> None:
    """Every server takes it."""
    for message in (HOSTILE, HUGE):
        mail.send(message, {})

    assert all(letter.raw.isascii() for letter in post.letters)
    assert max(len(line) for letter in post.letters for line in letter.raw.split(b"\r\n")) < 998


def test_many_at_once_are_one_digest(mail: Channel, post: Post) -> None:
    """It lists each with all that is known; of very many only the first, and says how many more."""
    assert isinstance(mail, Digests)
    assert mail.cap == 10
    some = [replace(ORDINARY, incident=f"i-{number}", scenario=f"quota.number-{number}") for number in range(12)]
    mail.digest(some)
    mail.digest([replace(HOSTILE, incident=f"i-{number}") for number in range(LISTED + 5)])

    small, large = post.letters
    assert small.mail["Subject"].startswith("12 messages: Broken: A full plan")
    assert [each.scenario for each in some if f"Scenario: {each.scenario}" not in small.part("plain") or each.scenario not in small.part("html")] == []
    assert "... and 5 more" in large.part("plain")
    assert "... and 5 more" in large.part("html")
    assert "<script" not in large.part("html")


@pytest.mark.parametrize(
    ("answer", "kind"), [("451 4.3.0 Try later", Later), ("452 4.3.1 Full", Later), ("552 5.3.4 Too big", Never), ("554 5.7.1 Spam", Never)]
)
def test_the_code_of_the_answer_decides(mail: Channel, post: Post, answer: str, kind: type[Exception]) -> None:
    """4xx is for later, 5xx for never; both are certain."""
    post.answer = answer

    with pytest.raises(kind, match=answer[4:]) as trouble:
        mail.send(ORDINARY, {})

    assert not getattr(trouble.value, "ambiguous", False)


@pytest.mark.parametrize(("answer", "kind"), [("450 4.1.8 Who?", Later), ("550 5.7.1 Not you", Never)])
def test_a_sender_may_be_refused(mail: Channel, post: Post, answer: str, kind: type[Exception]) -> None:
    """Likewise."""
    post.sender_answer = answer

    with pytest.raises(kind, match=answer[4:].replace("?", r"\?")):
        mail.send(ORDINARY, {})

    assert post.letters == []


def test_who_is_refused_does_not_keep_it_from_the_others(mail: Channel, post: Post) -> None:
    """The receipt names them."""
    post.refusals = {TO[0]: "550 5.1.1 Unknown"}

    assert "not to oncall@example.com: 550 5.1.1 Unknown" in mail.send(ORDINARY, {}).status
    assert [letter.to for letter in post.letters] == [(TO[1],)]


@pytest.mark.parametrize(
    ("answers", "kind"),
    [(("550 5.1.1 No", "550 5.1.1 No"), Never), (("550 5.1.1 No", "452 4.2.2 Full"), Later), (("450 4.2.0 Grey", "450 4.2.0 Grey"), Later)],
)
def test_where_all_are_refused_one_temporary_refusal_makes_it_for_later(mail: Channel, post: Post, answers: tuple[str, str], kind: type[Exception]) -> None:
    """Nothing was sent."""
    post.refusals = dict(zip(TO, answers, strict=True))

    with pytest.raises(kind, match="takes mail for nobody"):
        mail.send(ORDINARY, {})


@contextmanager
def talking(talk: Callable[[socket.socket], None]) -> Iterator[tuple[int, threading.Event]]:
    """Serve one connection by hand; gives the port, and an event that is set when the other side has gone."""
    gone = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        try:
            connection, _ = server.accept()
            with connection:
                talk(connection)
        except OSError:
            gone.set()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield server.getsockname()[1], gone
    finally:
        server.close()


def drip(connection: socket.socket) -> None:
    """Send byte by byte until the other side has gone."""
    pause = threading.Event()
    while not pause.wait(0.02):
        connection.sendall(b"2")


def greets(connection: socket.socket, until: bytes) -> None:
    """Answer every command with 250 until one begins with `until`; DATA with 354."""
    connection.sendall(b"220 hello\r\n")
    stream = connection.makefile("rb")
    for line in map(bytes.upper, stream):
        if line.startswith(b"DATA"):
            connection.sendall(b"354 go on\r\n")
            while stream.readline() not in {b".\r\n", b""}:
                pass
        if line.startswith(until):
            return
        if not line.startswith(b"DATA"):
            connection.sendall(b"250 fine\r\n")


def after(until: bytes, then: Callable[[socket.socket], None]) -> Callable[[socket.socket], None]:
    """Talk properly up to a command, and then do something else."""

    def talk(connection: socket.socket) -> None:
        greets(connection, until)
        then(connection)

    return talk


def stay(connection: socket.socket) -> None:
    """Say nothing more, until the other side has gone."""
    while connection.recv(1000):
        pass
    raise ConnectionResetError


@pytest.mark.parametrize(
    ("talk", "ambiguous", "stage"),
    [
        (stay, False, "no connection"),
        (after(b"MAIL", stay), False, "no answer to the addresses"),
        (after(b"MAIL", drip), False, "no answer to the addresses"),
        (after(b"DATA", stay), True, "no answer to the mail"),
        (after(b"DATA", drip), True, "no answer to the mail"),
    ],
)
def test_no_answer_in_time_is_for_later_and_ambiguous_once_the_mail_was_on_its_way(talk: Callable[[socket.socket], None], ambiguous: bool, stage: str) -> None:
    """The other side would go on for ever: that this returns is the deadline."""
    with talking(talk) as (port, gone):
        with pytest.raises(Later, match=f"{stage} after 1 s") as later:
            channel(port, 'tls = "none"\ndeadline = 1').send(ORDINARY, {})

        assert later.value.ambiguous is ambiguous
        if stage != "no connection":
            assert gone.wait(20)


def test_a_mail_that_was_accepted_is_delivered_whatever_follows() -> None:
    """Nobody waits for an answer to QUIT."""

    def accepts(connection: socket.socket) -> None:
        connection.sendall(b"250 taken\r\n")
        stay(connection)

    with talking(after(b"DATA", accepts)) as (port, _):
        assert channel(port, 'tls = "none"\ndeadline = 5').send(ORDINARY, {}).status == "250 taken"


@pytest.mark.parametrize(("until", "ambiguous"), [(b"RCPT", False), (b"DATA", True)])
def test_a_connection_that_breaks_is_for_later(until: bytes, ambiguous: bool) -> None:
    """Ambiguous once the mail was on its way."""
    with talking(after(until, lambda connection: connection.close())) as (port, _), pytest.raises(Later) as later:
        channel(port).send(ORDINARY, {})

    assert later.value.ambiguous is ambiguous


def test_an_answer_that_breaks_off_is_ambiguous() -> None:
    """Half of a code is none."""
    with talking(after(b"DATA", lambda connection: connection.sendall(b"2"))) as (port, _), pytest.raises(Later) as later:
        channel(port).send(ORDINARY, {})

    assert later.value.ambiguous


def test_nobody_there_is_for_later() -> None:
    """A closed port, a name that nobody has, a port that does not accept."""
    with Unaccepting() as url:
        for found in (
            channel(closed_port()),
            read("email", 'server = "mail.invalid"\nsender = "a@example.com"\nto = ["b@example.com"]'),
            channel(int(url.rpartition(":")[2]), 'tls = "none"\ndeadline = 0.5'),
        ):
            with pytest.raises(Later, match="no connection") as later:
                found.send(ORDINARY, {})

            assert not later.value.ambiguous


def certificates(folder: Path) -> tuple[ssl.SSLContext, str]:
    """Return a server's context, and the file of the authority that vouches for it."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    return context, str(folder / "ca.pem")


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # the server does not see TLS that was there from the start
@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_mail_goes_over_tls_with_a_log_in(post: Post, tmp_path: Path, tls: str) -> None:
    """By STARTTLS or from the start; the certificate is checked, the password never shown."""
    context, ca = certificates(tmp_path)
    with PostOffice(post, tls=context, wrapped=tls == "tls", login=True) as office:
        right = f'tls = "{tls}"\nca = "{ca}"\nuser = "{USER}"\npassword = {{ env = "MAIL_PASSWORD" }}'
        channel(office.port, right).send(ORDINARY, {})
        with pytest.raises(Later, match="CERTIFICATE_VERIFY_FAILED") as later:
            channel(office.port, right.replace(f'ca = "{ca}"', "")).send(ORDINARY, {})
        with pytest.raises(Never, match="535") as never:
            channel(office.port, right.replace("MAIL_PASSWORD", "WRONG_PASSWORD")).send(ORDINARY, {})

    assert len(post.letters) == 1
    assert not later.value.ambiguous
    assert "wr0ng-secret" not in str(never.value)


def test_a_server_without_starttls_gets_no_mail(post: Post) -> None:
    """Nothing is sent in the clear because TLS is not offered."""
    with PostOffice(post) as office, pytest.raises(Never, match="STARTTLS"):
        channel(office.port, 'tls = "starttls"').send(ORDINARY, {})

    assert post.letters == []


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ('server = "mail.example.com"\ntls = "none"', "none only to this machine"),
        ('server = "127.0.0.1"\ntls = "none"\nuser = "u"\npassword = { env = "MAIL_PASSWORD" }', "a password is sent"),
        ('server = "mail.example.com"\nuser = "u"', "`user` with `password`"),
        ('server = "mail.example.com"\ndeadline = 60', "at most 10"),
        ('server = "mail.example.com"\nto = []', "at least one address"),
        ('server = "mail.example.com"\nto = ["On Call <oncall@example.com>"]', "a bare mail address"),
        ('server = "mail.example.com"\nto = ["a@example.com\\r\\nBcc: b@example.com"]', "a bare mail address"),
        ('server = "mail.example.com"\nsender = "größe@example.com"', "a bare mail address"),
        ('server = "mail.example.com"\nca = "/nowhere.pem"', "a file of certificates"),
        ("", "server"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings: str, says: str) -> None:
    """Before anything is sent."""
    usual = {"sender": 'sender = "a@example.com"', "to": 'to = ["b@example.com"]'}
    text = "\n".join([settings, *(line for key, line in usual.items() if f"{key} =" not in settings)])

    with pytest.raises(BadInput, match=says):
        read("email", text, {"MAIL_PASSWORD": PASSWORD})
