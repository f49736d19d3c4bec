"""Letters: queued in the transaction that causes them, worded and sent by the worker."""

from __future__ import annotations

import json
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import quote

from products.cloudsuite.app import clock
from products.cloudsuite.app.db import Tx
from products.cloudsuite.app.rendering import render


@dataclass(frozen=True)
class Letter:
    """What a mail says; `{…}` are particulars. `path` leads to a page of the product."""

    subject: str
    text: str
    button: str = ""
    path: str = ""


LETTERS = {
    "verification": Letter(
        "Confirm your address",
        "Welcome, {name}. Confirm that this address is yours, and your workspace is ready.",
        "Confirm address",
        "/verify?token={token}",
    ),
    "reset": Letter(
        "Reset your password",
        "Somebody, hopefully you, asked to reset your password. If it was not you, ignore this mail.",
        "Choose a new password",
        "/reset?token={token}",
    ),
    "invitation": Letter(
        "You are invited to {workspace}",
        "{inviter} invites you to work in {workspace} on Cloud Suite as {role}.",
        "Look at the invitation",
        "/invitations/accept?token={token}",
    ),
    "email": Letter(
        "Confirm your new address",
        "Confirm that this address is yours. From then on you sign in with it.",
        "Confirm new address",
        "/email/confirm?token={token}",
    ),
    "email_notice": Letter(
        "Your address is being changed",
        "Somebody, hopefully you, asked to change the address of your account to {new_email}. If it was not you, reset your password now.",
        "Reset password",
        "/forgot",
    ),
}


def queue(tx: Tx, recipient: str, letter: str, **particulars: str) -> None:
    """Have a letter sent once this transaction commits."""
    tx.execute(
        "INSERT INTO outbox (recipient, letter, particulars, created_at, next_attempt_at) VALUES (?, ?, ?, ?, ?)",
        (recipient, letter, json.dumps(particulars), clock.now(), clock.now()),
    )


def worded(recipient: str, letter: str, particulars: dict[str, str], *, public_url: str, sender: str) -> EmailMessage:
    """The mail itself, as text and as HTML."""
    wording = LETTERS[letter]
    escaped = {name: quote(value, safe="") for name, value in particulars.items()}
    values = {
        "subject": wording.subject.format(**particulars),
        "text": wording.text.format(**particulars),
        "button": wording.button,
        "link": public_url + wording.path.format(**escaped),
        "public_url": public_url,
    }
    message = EmailMessage()
    message["From"] = f"Cloud Suite <{sender}>"
    message["To"] = recipient
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Subject"] = values["subject"]
    message.set_content(render("mail/letter.txt", **values))
    message.add_alternative(render("mail/letter.html", **values), subtype="html")
    return message
