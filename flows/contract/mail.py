"""Mail: what arrives at an address of the suite, parsed, and what a product means by it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True)
class Mail:
    """One mail: `received` in seconds since the epoch; `text` and `html` decoded, empty where that part is missing.

    `links` stand in order of appearance, from both parts, each once.
    """

    id: str
    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    html: str
    links: tuple[str, ...]
    received: float


class Mailbox(Protocol):
    """Where mail for the suite's made-up people arrives. One address may get several."""

    def messages(self, address: str) -> list[Mail]:
        """Return all mail to `address` so far, oldest first.

        Raises:
            SuiteFault: the mailbox itself cannot be read.
        """


class Kind(StrEnum):
    """What a mail is for."""

    VERIFICATION = "verification"
    RESET = "password reset"
    INVITATION = "invitation"
    ADDRESS = "change of address"
    NOTICE = "notice"


@dataclass(frozen=True)
class Letter:
    """A mail as its product means it: `link` is the one to follow, None for a notice."""

    kind: Kind
    link: str | None
    mail: Mail
