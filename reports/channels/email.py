"""E-mail, by SMTP: one conversation for each opening of an alert, as text and as HTML.

The Message-ID of the first mail follows from the incident alone, so a mail that is sent twice is one to most mailboxes, and every later mail can refer to
it (In-Reply-To, References). `Auto-Submitted` keeps absence notes away (RFC 3834).

Where some recipients are refused and others are not, the others get the mail, and the receipt names the refused: nobody waits for somebody else's full
mailbox. Where all are refused it is `Later` if one refusal was temporary (4xx), else `Never`.
"""

from __future__ import annotations

import hashlib
import re
import smtplib
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from markupsafe import Markup

from launch.reading import BadInput, Table
from reports.channels import ALERTING, Later, Never, Receipt, Secret, kept
from reports.deadline import MARGIN, Overdue, within
from reports.facts import Fact, facts, headline, lines
from reports.inert import one_line, unlinked
from reports.message import Kind, Message
from reports.wire import TOTAL_SECONDS, authorities, deadline, on_this_machine, trust
from reports.wording import moment

SUBJECT = 200
LISTED = 100
"""So many alerts a digest lists; of further ones it says how many."""

_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_ACCEPTED, _TEMPORARY, _PERMANENT = range(200, 300), range(400, 500), range(500, 600)
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[A-Za-z0-9.-]+\Z")
_PLAIN_ID = re.compile(r"[A-Za-z0-9._-]{1,100}\Z")


@dataclass(frozen=True)
class Server:
    """The mail server. `tls` is starttls, tls or none; `ca` a file of authorities to trust instead of the system's; `deadline` seconds for a whole mail."""

    host: str
    port: int
    tls: str
    ca: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    deadline: float = TOTAL_SECONDS


@dataclass(frozen=True)
class Email:
    """Mail from `sender` to all of `to`."""

    server: Server
    sender: str
    to: tuple[str, ...]
    cap: int = 10
    carries: frozenset[Kind] = ALERTING
    pace: float = 0.0
    refreshes: bool = False

    def send(self, message: Message, thread: Mapping[str, str]) -> Receipt:  # noqa: ARG002 -- the thread follows from the incident
        """Send one mail.

        Raises:
            Later: try again.
            Never: do not.
        """
        return self._deliver(self._mail(message))

    def digest(self, messages: Sequence[Message]) -> Receipt:
        """Send one mail that tells of all these."""
        first = moment(messages[0].at)
        mail = self._addressed(
            f"{len(messages)} messages: {headline(messages[0], SUBJECT // 2)}", hashed(*(f"{each.incident} {each.kind}" for each in messages))
        )
        if first:
            mail["Date"] = format_datetime(first)
        shown = messages[:LISTED]
        more = f"... and {len(messages) - LISTED} more" if len(messages) > LISTED else ""
        mail.set_content("\n\n".join([*(f"{unlinked(headline(each))}\n{lines(each)}" for each in shown), more]), charset="utf-8", cte="quoted-printable")
        body = Markup("").join([*map(_section, shown), Markup("<p>{}</p>").format(more)])
        mail.add_alternative(str(body), subtype="html", charset="utf-8", cte="quoted-printable")
        return self._deliver(mail)

    def _mail(self, message: Message) -> EmailMessage:
        first = self._id(message.incident)
        opens = message.kind in {Kind.TRIGGER, Kind.TEST}
        mail = self._addressed(headline(message, SUBJECT), message.incident if opens else hashed(message.incident, message.kind, str(message.at)))
        if not opens:
            mail["In-Reply-To"] = first
            mail["References"] = first
        if when := moment(message.at):
            mail["Date"] = format_datetime(when)
        mail.set_content(f"{unlinked(headline(message))}\n\n{lines(message)}\n", charset="utf-8", cte="quoted-printable")
        mail.add_alternative(str(_section(message)), subtype="html", charset="utf-8", cte="quoted-printable")
        return mail

    def _addressed(self, subject: str, name: str) -> EmailMessage:
        """Begin a mail. What goes into a header is one inert line: no line break of a target begins another header."""
        mail = EmailMessage(policy=SMTP)
        mail["From"] = Address("Synthetics", addr_spec=self.sender)
        mail["To"] = [Address(addr_spec=each) for each in self.to]
        mail["Subject"] = one_line(subject, 2 * SUBJECT)
        mail["Message-ID"] = self._id(name)
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        return mail

    def _id(self, name: str) -> str:
        return f"<synthetics.{name if _PLAIN_ID.match(name) else hashed(name)}@{self.sender.rpartition('@')[2]}>"

    def _deliver(self, mail: EmailMessage) -> Receipt:
        handover = _Handover(self.server, self.sender, self.to, mail.as_bytes())
        place = f"{self.server.host}:{self.server.port}"
        try:
            return Receipt(within(self.server.deadline, handover.run, handover.cut))
        except Overdue:
            if handover.accepted:
                return Receipt(handover.accepted)
            raise Later(f"{place}: {handover.stage} after {self.server.deadline:g} s", ambiguous=handover.sent) from None
        except smtplib.SMTPRecipientsRefused as refusal:
            some = " ".join(f"{who}: {_said(code, text)}" for who, (code, text) in refusal.recipients.items())
            kind = Later if any(code in _TEMPORARY for code, _ in refusal.recipients.values()) else Never
            raise kind(f"{place} takes mail for nobody: {some}") from None
        except smtplib.SMTPResponseException as refusal:
            why = f"{place}: {self._clear(_said(refusal.smtp_code, refusal.smtp_error))}"
            if refusal.smtp_code in _PERMANENT:
                raise Never(why) from None
            raise Later(why, ambiguous=handover.sent and refusal.smtp_code not in _TEMPORARY) from None
        except smtplib.SMTPNotSupportedError as refusal:
            raise Never(f"{place}: {refusal}; see `tls` and `user`") from None
        except (OSError, smtplib.SMTPException) as trouble:
            raise Later(f"{place}: {handover.stage}: {self._clear(one_line(str(trouble), SUBJECT))}", ambiguous=handover.sent) from None

    def _clear(self, text: str) -> str:
        return text.replace(self.server.password, "[secret]") if self.server.password else text


@dataclass
class _Handover:
    """One mail handed to the server, in a thread that may be left behind."""

    server: Server
    sender: str
    to: tuple[str, ...]
    mail: bytes
    refused: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    accepted: str = ""
    sent: bool = False
    stage: str = "no connection"
    _over: bool = False
    _session: smtplib.SMTP | None = None

    def run(self) -> str:
        """Hand it over, and return what the server said."""
        session = self._session = self._connected()
        try:
            self._greet(session)
            self._address(session)
            self._hand(session)
            session.putcmd("QUIT")  # what it answers to that is of no interest
        finally:
            session.close()
        return self.accepted

    def cut(self) -> None:
        """End the connection, so that what waits for it ends."""
        self._over = True
        talking = self._session.sock if self._session is not None else None
        if talking is not None:
            with suppress(OSError):  # it may be closed already
                talking.shutdown(socket.SHUT_RDWR)

    def _connected(self) -> smtplib.SMTP:
        name = socket.gethostname()
        name = name if "." in name else "[127.0.0.1]"
        where, seconds = (self.server.host, self.server.port), self.server.deadline + MARGIN
        if self.server.tls == "tls":
            return smtplib.SMTP_SSL(*where, local_hostname=name, timeout=seconds, context=trust(self.server.ca))
        return smtplib.SMTP(*where, local_hostname=name, timeout=seconds)

    def _greet(self, session: smtplib.SMTP) -> None:
        self.stage = "no greeting"
        session.ehlo_or_helo_if_needed()
        if self.server.tls == "starttls":
            self.stage = "no TLS"
            session.starttls(context=trust(self.server.ca))
            session.ehlo_or_helo_if_needed()
        if self.server.user:
            self.stage = "no log-in"
            session.login(self.server.user, self.server.password)

    def _address(self, session: smtplib.SMTP) -> None:
        self.stage = "no answer to the addresses"
        code, text = session.mail(self.sender)
        if code not in _ACCEPTED:
            raise smtplib.SMTPSenderRefused(code, text, self.sender)
        refused = {}
        for each in self.to:
            code, text = session.rcpt(each)
            if code not in _ACCEPTED:
                refused[each] = (code, text)
        if len(refused) == len(self.to):
            raise smtplib.SMTPRecipientsRefused(refused)
        self.refused = refused

    def _hand(self, session: smtplib.SMTP) -> None:
        """Send the mail itself. Once this has begun it may arrive, whatever is heard of it; once the time is over it does not begin."""
        self.sent, self.stage = True, "no answer to the mail"
        if self._over:
            return
        code, text = session.data(self.mail)
        if self._over:  # the answer was cut off: what there is of it may read like another one
            return
        if code not in _ACCEPTED:
            raise smtplib.SMTPDataError(code, text)
        without = "".join(f"; not to {who}: {_said(*why)}" for who, why in self.refused.items())
        self.accepted = _said(code, text) + without


def read(table: Table, secret: Secret) -> Email:
    """Take `server`, `port`, `tls`, `ca`, `user` with `password`, `sender`, `to`, `cap`, `deadline`.

    Raises:
        BadInput: a wrong value; no TLS to another machine.
    """
    host, tls = table.text("server"), table.choice("tls", tuple(_PORTS), "starttls")
    if tls == "none" and not on_this_machine(host):
        raise table.wrong("tls", tls, "starttls or tls; none only to this machine itself")
    user, password = table.text("user", ""), kept(table, "password", secret, optional=True)
    if bool(user) != bool(password):
        raise BadInput(f"{table.at('user')}: allowed is `user` with `password`, or neither")
    if password and tls == "none":
        raise table.wrong("tls", tls, "starttls or tls, because a password is sent")
    sender, to = _address(table, "sender", table.text("sender")), table.texts("to")
    for each in to:
        _address(table, "to", each)
    if not to:
        raise table.wrong("to", [], "at least one address")
    port = int(table.number("port", _PORTS[tls], least=1))
    return Email(Server(host, port, tls, authorities(table), user, password, deadline(table)), sender, to, cap=int(table.number("cap", 10)))


def hashed(*texts: str) -> str:
    """Return a name for these texts that any header takes."""
    return hashlib.sha256("\0".join(texts).encode("utf-8", "replace")).hexdigest()[:32]


def _address(table: Table, key: str, text: str) -> str:
    if not _ADDRESS.match(text):
        raise table.wrong(key, text, "a bare mail address in ASCII: name@example.com")
    return text


def _said(code: int, text: bytes | str) -> str:
    return f"{code} {one_line(text.decode('utf-8', 'replace') if isinstance(text, bytes) else text, SUBJECT)}"


def _section(message: Message) -> Markup:
    rows = Markup("").join(Markup('<tr><th align="left" valign="top">{}</th><td>{}</td></tr>').format(each.label, _cell(each)) for each in facts(message))
    return Markup("<h2>{}</h2>\n<table>{}</table>\n").format(unlinked(headline(message)), rows)


def _cell(fact: Fact) -> Markup:
    return Markup('<a href="{}">{}</a>').format(fact.link, fact.link) if fact.link else Markup("{}").format(unlinked(fact.value))
