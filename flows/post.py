"""Waiting for mail, and knowing one letter from another."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flows import trail
from flows.contract.mail import Kind, Letter
from flows.site import Site
from flows.steps import step
from flows.waiting import Budget, eventually

KEY = re.compile(r"[\w.~+%-]{20,}")
"""A part of a link that nobody could guess."""


def letters(site: Site, address: str, kind: Kind) -> list[Letter]:
    """Return the letters of a kind that have arrived so far, oldest first."""
    read = [site.driver.letter(mail) for mail in site.mailbox.messages(address)]
    for letter in read:
        keep_quiet(letter)
    return [letter for letter in read if letter is not None and letter.kind is kind]


def keep_quiet(letter: Letter | None) -> None:
    """Hold what makes a letter's link open something to be a secret, wherever in the link it stands."""
    if letter is not None and letter.link:
        link = urlsplit(letter.link)
        trail.current().secrets.update(KEY.findall(f"{link.path} {link.query} {link.fragment}"))


def await_letter(site: Site, address: str, kind: Kind, *, nth: int = 1, within: Budget | None = None) -> Letter:
    """Wait for the nth letter of a kind at an address, and return it; the target's budget for mail holds where no other is given.

    Raises:
        ProductFault: it did not come within the target's budget for mail.
    """
    with step(f"wait for the {kind} mail"):
        arrived = eventually(
            lambda: letters(site, address, kind),
            reaches="arrived",
            within=within or site.budget("mail"),
            of=f"{kind} mail {nth} to {address}",
            state=lambda seen: "arrived" if len(seen) >= nth else f"{len(seen)} there",
        )
    return arrived[nth - 1]


def await_link(site: Site, address: str, kind: Kind, *, nth: int = 1) -> str:
    """Wait for the nth letter of a kind and return the link to follow.

    Raises:
        ProductFault: it did not come, or has no link.
    """
    letter = await_letter(site, address, kind, nth=nth)
    assert letter.link, f"the {kind} mail to {address} ('{letter.mail.subject}') has no link to follow; its links are {letter.mail.links}"
    return letter.link
