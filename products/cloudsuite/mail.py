"""Cloud Suite's letters: known by the place that their link leads to."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from flows.contract.mail import Kind, Letter, Mail

PLACES = {"/verify": Kind.VERIFICATION, "/reset": Kind.RESET, "/invitations/accept": Kind.INVITATION, "/email/confirm": Kind.ADDRESS}
SUBJECTS = {
    "Confirm your address": Kind.VERIFICATION,
    "Reset your password": Kind.RESET,
    "You are invited": Kind.INVITATION,
    "Confirm your new address": Kind.ADDRESS,
}


def letter(mail: Mail) -> Letter | None:
    """Say what a mail is for: by its subject, which a person reads first; its link is the one that leads to the place of that kind."""
    kind = next((kind for subject, kind in SUBJECTS.items() if mail.subject.startswith(subject)), Kind.NOTICE)
    place = next((path for path, each in PLACES.items() if each is kind), None)
    link = next((link for link in mail.links if urlsplit(link).path == place), None)
    return Letter(kind=kind, link=link, mail=mail)


def token(link: str) -> str:
    """Return the token that a link carries."""
    return parse_qs(urlsplit(link).query).get("token", [""])[0]
