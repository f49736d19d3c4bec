"""What the wire can do to an exchange: one record an action, checked where it is made.

    at the request    Answer, Redirect, Delay, Kill, Stale        the target may never hear of it
    at the answer     Answer(late=True), Truncate, Body, Replace, SetField, DropField, Inject, DropAttribute
    at either         SetHeader, DropHeader, DropCookie           `side` says which
    on a WebSocket    Close, Swallow

Standard library only: the proxy reads it in an environment of its own. Times are in seconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

LONGEST = 600.0
"""Seconds that a delay may last."""
FOREVER = 10.0**9
"""Seconds for which a copy is served where nobody says how long."""
STATUSES = range(100, 600)


class Phase(StrEnum):
    """When an action acts."""

    REQUEST = "request"
    ANSWER = "answer"
    SOCKET = "socket"


class Wrong(ValueError):  # noqa: N818 -- named for what happened
    """An action or a rule cannot be; the message says which key, what was seen, and what is allowed."""


def check(said: object, *, good: bool, key: str, allowed: str) -> None:
    """Refuse a value.

    Raises:
        Wrong: it is not good.
    """
    if not good:
        raise Wrong(f"{key}: saw {said!r}; allowed is {allowed}")


def pattern(said: str, key: str) -> re.Pattern[str]:
    """Compile a pattern.

    Raises:
        Wrong: it is none.
    """
    try:
        return re.compile(said, re.DOTALL)
    except re.error as cause:
        raise Wrong(f"{key}: saw {said!r}; allowed is a regular expression ({cause})") from cause


@dataclass(frozen=True)
class Action:
    """Something that is done to an exchange."""

    @property
    def phase(self) -> Phase:
        """When it acts."""
        return Phase.ANSWER


@dataclass(frozen=True)
class Answer(Action):
    """Answer in place of the target. `late` lets the target act first, and loses what it said. `retry_after` in seconds."""

    status: int = 503
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    retry_after: int | None = None
    late: bool = False

    def __post_init__(self) -> None:
        """Check the status."""
        check(self.status, good=self.status in STATUSES, key="status", allowed="100 to 599")

    @property
    def phase(self) -> Phase:
        """Before the target hears of it, or after."""
        return Phase.ANSWER if self.late else Phase.REQUEST

    def sent(self) -> dict[str, str]:
        """Return the headers that are sent."""
        guess = "application/json" if self.body[:1] in {"{", "["} else "text/html; charset=utf-8"
        again = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        return {"Content-Type": guess, **again, **self.headers}


@dataclass(frozen=True)
class Redirect(Action):
    """Send the client elsewhere; without `to`, to where it is already: a loop."""

    to: str = ""
    status: int = 302

    def __post_init__(self) -> None:
        """Check the status."""
        check(self.status, good=self.status in {301, 302, 303, 307, 308}, key="status", allowed="301, 302, 303, 307 or 308")

    @property
    def phase(self) -> Phase:
        """Before the target hears of it."""
        return Phase.REQUEST


@dataclass(frozen=True)
class Delay(Action):
    """Hold a request back. A share of the rule makes it the slow percentile."""

    seconds: float

    def __post_init__(self) -> None:
        """Check the length."""
        check(self.seconds, good=0 < self.seconds <= LONGEST, key="seconds", allowed=f"above 0, up to {LONGEST:g}")

    @property
    def phase(self) -> Phase:
        """Before the target hears of it."""
        return Phase.REQUEST


@dataclass(frozen=True)
class Kill(Action):
    """End the connection without an answer."""

    @property
    def phase(self) -> Phase:
        """Before the target hears of it."""
        return Phase.REQUEST


@dataclass(frozen=True)
class Stale(Action):
    """Serve again the first answer that was seen for the same GET, for `seconds`; `shared` gives it to everybody, whoever it was made for."""

    seconds: float = FOREVER
    shared: bool = False

    def __post_init__(self) -> None:
        """Check the length."""
        check(self.seconds, good=self.seconds > 0, key="seconds", allowed="above 0")

    @property
    def phase(self) -> Phase:
        """Before the target hears of it."""
        return Phase.REQUEST


@dataclass(frozen=True)
class Truncate(Action):
    """Cut the body: `at` so many bytes, or after a `share` of it. What is sent is complete as HTTP."""

    at: int | None = None
    share: float | None = None

    def __post_init__(self) -> None:
        """Check that it is one of the two."""
        check((self.at, self.share), good=(self.at is None) != (self.share is None), key="at, share", allowed="one of the two")
        check(self.at, good=self.at is None or self.at >= 0, key="at", allowed="0 or more")
        check(self.share, good=self.share is None or 0 <= self.share < 1, key="share", allowed="0 up to, not including, 1")

    def cut(self, body: bytes) -> bytes:
        """Return what is left of a body."""
        return body[: self.at if self.at is not None else int(len(body) * (self.share or 0))]


@dataclass(frozen=True)
class Body(Action):
    """Another body, under the status and headers of the target."""

    text: str


@dataclass(frozen=True)
class Replace(Action):
    """Replace what a regular expression finds in the body; an end of the text can be found, too."""

    pattern: str
    by: str = ""

    def __post_init__(self) -> None:
        """Check the pattern."""
        pattern(self.pattern, "pattern")

    def rewritten(self, text: str) -> str:
        """Return the text as it is then."""
        return pattern(self.pattern, "pattern").sub(self.by, text)


@dataclass(frozen=True)
class SetField(Action):
    """Set a field of a JSON body: ``projects.*.state``; `*` is each of a list or an object. What is not there is not made."""

    at: str
    value: Any

    def rewritten(self, document: Any) -> bool:
        """Change the document; tell whether anything was there to change."""

        def put(holder: Any, key: Any) -> bool:
            changed: bool = holder[key] != self.value
            holder[key] = self.value
            return changed

        return _each(document, self.at.split("."), put)


@dataclass(frozen=True)
class DropField(Action):
    """Take a field out of a JSON body; written as in `SetField`."""

    at: str

    def rewritten(self, document: Any) -> bool:
        """Change the document; tell whether anything was there to drop."""

        def drop(holder: Any, key: Any) -> bool:
            del holder[key]
            return True

        return _each(document, self.at.split("."), drop)


@dataclass(frozen=True)
class Inject(Action):
    """Put HTML into a page: at the end of its `head`, or of its `body`."""

    html: str
    into: str = "head"

    def __post_init__(self) -> None:
        """Check the place."""
        check(self.into, good=self.into in {"head", "body"}, key="into", allowed="head or body")

    def rewritten(self, page: str) -> str:
        """Return the page as it is then."""
        return re.sub(rf"(?=</{self.into}\s*>)", lambda _: self.html, page, count=1, flags=re.IGNORECASE)


@dataclass(frozen=True)
class Sided(Action):
    """What can be done on either side: the `request` or the `response`."""

    def __post_init__(self) -> None:
        """Check the side, and the pattern of a name."""
        check(self.side, good=self.side in {"request", "response"}, key="side", allowed="request or response")

    side: str = field(default="response", kw_only=True)

    @property
    def phase(self) -> Phase:
        """As the side says."""
        return Phase.REQUEST if self.side == "request" else Phase.ANSWER


@dataclass(frozen=True)
class SetHeader(Sided):
    """Set a header; `append` leaves what was there (a second policy of the same name)."""

    name: str
    value: str
    append: bool = False


@dataclass(frozen=True)
class DropHeader(Sided):
    """Take a header away."""

    name: str


@dataclass(frozen=True)
class DropCookie(Sided):
    """Take away the cookies whose whole name the pattern is: as they are set, or as they are sent."""

    name: str = ".*"

    def __post_init__(self) -> None:
        """Check side and pattern."""
        super().__post_init__()
        pattern(self.name, "name")


@dataclass(frozen=True)
class DropAttribute(Action):
    """Take an attribute (Secure, HttpOnly, SameSite) from the cookies that are set and whose whole name the pattern is."""

    attribute: str
    name: str = ".*"

    def __post_init__(self) -> None:
        """Check the pattern."""
        pattern(self.name, "name")

    def rewritten(self, cookie: str) -> str:
        """Return a Set-Cookie line as it is then."""
        pair, *attributes = cookie.split(";")
        if not re.fullmatch(self.name, pair.partition("=")[0].strip()):
            return cookie
        return ";".join([pair, *(each for each in attributes if each.partition("=")[0].strip().lower() != self.attribute.lower())])


@dataclass(frozen=True)
class Close(Action):
    """Drop a WebSocket once the target has sent `after` messages on it."""

    after: int = 0

    def __post_init__(self) -> None:
        """Check the number."""
        check(self.after, good=self.after >= 0, key="after", allowed="0 or more")

    @property
    def phase(self) -> Phase:
        """While the socket is open."""
        return Phase.SOCKET


@dataclass(frozen=True)
class Swallow(Action):
    """Lose the messages of a WebSocket that `sender` (server or client) sends and the pattern is found in; the socket stays open."""

    sender: str = "server"
    pattern: str = ""

    def __post_init__(self) -> None:
        """Check sender and pattern."""
        check(self.sender, good=self.sender in {"server", "client"}, key="sender", allowed="server or client")
        pattern(self.pattern, "pattern")

    @property
    def phase(self) -> Phase:
        """While the socket is open."""
        return Phase.SOCKET


KINDS: dict[str, type[Action]] = {
    "answer": Answer,
    "redirect": Redirect,
    "delay": Delay,
    "kill": Kill,
    "stale": Stale,
    "truncate": Truncate,
    "body": Body,
    "replace": Replace,
    "set-field": SetField,
    "drop-field": DropField,
    "inject": Inject,
    "set-header": SetHeader,
    "drop-header": DropHeader,
    "drop-cookie": DropCookie,
    "drop-attribute": DropAttribute,
    "close": Close,
    "swallow": Swallow,
}


def name(action: Action) -> str:
    """Return what an action is called in a file."""
    return next(called for called, kind in KINDS.items() if type(action) is kind)


def _each(holder: Any, path: list[str], act: Callable[[Any, Any], bool]) -> bool:
    first, *rest = path
    if isinstance(holder, dict):
        keys: list[Any] = list(holder) if first == "*" else [first] * (first in holder)
    elif isinstance(holder, list):
        keys = list(reversed(range(len(holder)))) if first == "*" else [int(first)] * (first.isdigit() and int(first) < len(holder))
    else:
        return False
    if not rest:
        return sum(act(holder, key) for key in keys) > 0
    return sum(_each(holder[key], rest, act) for key in keys) > 0
