"""What one attempt of a scenario left behind: its steps, the states it saw, how long it waited, and the id its requests share."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field

HIDDEN = "•••"
"""Stands where a secret stood."""

QUERY = re.compile(r"((?:[?&]|&amp;)[\w.%\[\]-]+=)[^&#\s\"'<>\\)]+")
"""A value in a link's query: links that are mailed open accounts."""

NAMED = re.compile(r"""(["'][\w-]*(?:token|password|secret|session|cookie|authorization)[\w-]*\\?["']\s*:\s*\\?["'])[^"'\\]+""", re.IGNORECASE)
"""A value in a JSON object, or in the ``repr`` of a dict, under a name that tells what it is."""

CARRIERS = frozenset({b"cookie", b"set-cookie", b"authorization", b"proxy-authorization", b"x-api-key"})
"""The headers that carry a session or a token, in lower case."""

LONG = 12
"""From this length on, in characters, what such a header carries is held to be a secret."""

TOKEN = re.compile(r"(?:[\w-]+ )?([\w.~+/-]+=*)")
"""A token, behind its scheme or bare (https://www.rfc-editor.org/rfc/rfc9110#name-credentials)."""

PAIR = re.compile(r"([^=;,\s]+)=([^;,\s]+)")
ATTRIBUTES = {"domain", "path", "expires", "max-age", "samesite", "priority"}
"""What stands beside a cookie in the header that sets it."""

HALVES = re.compile("[\ud800-\udfff]")
"""Halves of a character, which a page can hold and no file can."""


@dataclass
class Step:
    """One step as a person would name it. `began` and `seconds` count from the start of the attempt; `status` is passed, failed or running."""

    title: str
    began: float
    depth: int = 0
    seconds: float = 0.0
    status: str = "running"


@dataclass
class Exchange:
    """One request and its answer: `seconds` is its duration, `status` None where none came."""

    method: str
    url: str
    began: float
    seconds: float = 0.0
    status: int | None = None
    request_id: str | None = None
    note: str = ""


@dataclass
class Trail:
    """The record of one attempt, filled by steps, waits and drivers while it runs."""

    trace_id: str = field(default_factory=lambda: secrets.token_hex(16))
    began: float = field(default_factory=time.monotonic)
    steps: list[Step] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)
    stopped: str = ""
    """Why the suite has closed the windows of this attempt, where it has."""
    on_step: Callable[[Step], None] | None = None

    def now(self) -> float:
        """Seconds since the attempt began."""
        return time.monotonic() - self.began

    def traceparent(self) -> str:
        """Return a W3C Trace Context header value with a new span of this attempt (https://www.w3.org/TR/trace-context/)."""
        return f"00-{self.trace_id}-{secrets.token_hex(8)}-01"

    def scrub(self, text: str) -> str:
        """Return the text as it may be told: without this attempt's secrets, and without what opens a link."""
        for secret in sorted(filter(None, self.secrets), key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return HALVES.sub("\ufffd", NAMED.sub(rf"\1{HIDDEN}", QUERY.sub(rf"\1{HIDDEN}", text)))

    def learn(self, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """Hold what these headers carry to be secrets of this attempt."""
        for name, value in headers:
            if name.lower() in CARRIERS:
                self.secrets |= credentials(value.decode("latin-1"))

    def conceal(self, raised: BaseException) -> None:
        """Scrub what an exception says, and what it was raised from: others tell it too, in words of their own."""
        met: set[int] = set()
        under_way: list[BaseException | None] = [raised]
        while under_way:
            each = under_way.pop()
            if each is None or id(each) in met:
                continue
            met.add(id(each))
            each.args = tuple(self.scrub(said) if isinstance(said, str) else said for said in each.args)
            under_way += [each.__cause__, each.__context__]


def credentials(header: str) -> set[str]:
    """Return what is secret in a header that carries cookies or a token."""
    token = TOKEN.fullmatch(header)
    found = [token[1]] if token else [value for name, value in PAIR.findall(header) if name.lower() not in ATTRIBUTES]
    return {value for value in found if len(value) >= LONG}


_current: ContextVar[Trail | None] = ContextVar("trail", default=None)


def current() -> Trail:
    """Return the trail of the attempt that is running here; a loose one where none is (in a shell, in set-up)."""
    trail = _current.get()
    if trail is None:
        trail = Trail()
        _current.set(trail)
    return trail


def follow(trail: Trail) -> None:
    """Make `trail` the one that this context writes to."""
    _current.set(trail)
