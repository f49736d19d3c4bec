"""A mail server that records, on loopback: it takes mail, or refuses as a test asks."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from rehearsal.receiver import closed_port

USER, PASSWORD = "synthetics", "p4ss word of mail"


@dataclass(frozen=True)
class Letter:
    """One mail as it came: the envelope's recipients, the bytes, and the message read from them."""

    to: tuple[str, ...]
    raw: bytes

    @property
    def mail(self) -> EmailMessage:
        """The mail, parsed as a reader does."""
        read = BytesParser(policy=default).parsebytes(self.raw)
        assert isinstance(read, EmailMessage)
        return read

    def part(self, kind: str) -> str:
        """Return the text of the part of that kind."""
        found = self.mail.get_body((kind,))
        assert found is not None
        return str(found.get_content())


@dataclass
class Post:
    """The server's rules: `refusals` by recipient, `answer` to the mail itself, `sender_answer` to its sender."""

    letters: list[Letter] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    answer: str = "250 2.0.0 Taken"
    sender_answer: str = "250 2.1.0 Fine"

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: list[str]) -> str:  # noqa: N802 -- aiosmtpd's name
        """Answer the sender's address."""
        envelope.mail_from = address
        return self.sender_answer

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: list[str]) -> str:  # noqa: N802 -- aiosmtpd's name
        """Answer a recipient's address."""
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Fine"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's name
        """Take the mail, or not."""
        if self.answer.startswith("2"):
            self.letters.append(Letter(tuple(envelope.rcpt_tos), envelope.original_content or b""))
        return self.answer


def _known(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: LoginPassword) -> AuthResult:
    return AuthResult(success=(given.login, given.password) == (USER.encode(), PASSWORD.encode()), handled=False)


class PostOffice:
    """Serves `rules` for the block. `tls` is the context for STARTTLS, or, if `wrapped`, for TLS from the start; `login` asks for user and password."""

    def __init__(self, rules: Post, *, tls: ssl.SSLContext | None = None, wrapped: bool = False, login: bool = False) -> None:
        self.port = closed_port()
        self._controller = Controller(
            rules,
            hostname="127.0.0.1",
            port=self.port,
            ssl_context=tls if wrapped else None,
            tls_context=None if wrapped else tls,
            authenticator=_known if login else None,
            auth_required=login,
            auth_require_tls=not wrapped,
        )

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()
