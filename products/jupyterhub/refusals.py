"""What the hub says when it declines, as reasons: it gives sentences, never codes."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from flows.blame import Refused
from flows.refusal import Reason, Refusal
from products.http import Answer

FULL = re.compile(r"already has the maximum of (?P<limit>\d+) named servers\.\s*(?P<remedy>.*)")
SENTENCES: Mapping[str, Reason] = {
    "already in use": Reason.TAKEN,
    "did not match the confirmation": Reason.INVALID,
    "Be sure your username": Reason.INVALID,
    "Invalid server_name": Reason.INVALID,
    "Invalid username or password": Reason.BAD_CREDENTIALS,
    "has not been authorized by an administrator yet": Reason.UNVERIFIED,
    "Invalid share code": Reason.LINK_DEAD,
    "Invalid URL": Reason.LINK_DEAD,
    "can't share with yourself": Reason.WRONG_ACCOUNT,
    "already running": Reason.ILLEGAL_TRANSITION,
    "is pending": Reason.BUSY,
    "Try again in": Reason.BUSY,
    "Missing or invalid credentials": Reason.UNAUTHENTICATED,
    "not authorized with current scopes": Reason.FORBIDDEN,
    "has no server named": Reason.NOT_FOUND,
}
STATUSES: Mapping[int, Reason] = {403: Reason.FORBIDDEN, 404: Reason.NOT_FOUND, 424: Reason.SUSPENDED, 429: Reason.BUSY}
FIELDS = {"did not match the confirmation": "password"}

ALERT = re.compile(r'<div[^>]*\brole="alert"[^>]*>(.*?)</div>|<p class="login_error">(.*?)</p>', re.DOTALL)
HEADING = re.compile(r"<h[12]\b(?![^>]*modal-title)[^>]*>(.*?)</h[12]>", re.DOTALL)
ERROR = re.compile(r'<div class="error">(.*?)</div>', re.DOTALL)
TAG = re.compile(r"<[^>]+>")


def refusal(message: str, status: int | None, *, retry_after: str | None = None, meaning: Mapping[str, Reason] | None = None) -> Refusal | None:
    """Read a sentence, or else a status, as a refusal; None where it is none that is known. `meaning` goes before what a sentence means elsewhere."""
    message = " ".join(message.split())
    delay = float(retry_after) if retry_after and retry_after.isdigit() else None
    if full := FULL.search(message):
        limit = int(full["limit"])
        return Refusal(Reason.QUOTA, message, status=status, dimension="projects", limit=limit, usage=limit, remedy=full["remedy"])
    for sentence, meant in {**(meaning or {}), **{each: SENTENCES[each] for each in SENTENCES if each not in (meaning or {})}}.items():
        if sentence in message:
            return Refusal(meant, message, status=status, field=FIELDS.get(sentence), retry_after=delay)
    reason = STATUSES.get(status or 0)
    return Refusal(reason, message, status=status, retry_after=delay) if reason else None


def check(answer: Answer, *expected: int, doing: str, meaning: Mapping[str, Reason] | None = None) -> Answer:
    """Return an answer whose status is one of `expected`.

    Raises:
        Refused: the hub declined, for a reason that is known.
        ProductFault: it answered anything else.
    """
    if answer.status in expected:
        return answer
    said = refusal(message_of(answer), answer.status, retry_after=answer.headers.get("retry-after"), meaning=meaning)
    if said is None:
        raise answer.unexpected(doing)
    raise Refused(said)


def message_of(answer: Answer) -> str:
    """Return the sentence of an answer: the API's message, an alert of a page, or else the page's error or headings."""
    if answer.headers.get("content-type", "").startswith("application/json"):
        body = answer.json() if answer.text.startswith("{") else {}
        return str(body.get("message") or answer.text[:200])
    if alerts := ALERT.findall(answer.text):
        return text(" ".join(first or second for first, second in alerts))
    return text(" ".join(ERROR.findall(answer.text) or HEADING.findall(answer.text)))


def text(markup: str) -> str:
    """Return markup as a person reads it."""
    return " ".join(html.unescape(TAG.sub(" ", markup)).split())
