"""The one way in which channels speak HTTP: bounded in time and size, verified, and with one reading of every answer.

====================================  ==========================================================================================
what happened                         what follows
====================================  ==========================================================================================
2xx                                   accepted
408, 425, 429, 5xx                    `Later`, after what Retry-After says; ambiguous for a 5xx other than 503
another 4xx, 3xx                      `Never`: the request or the setting is wrong; no redirect is followed
no name, no connection, no TLS        `Later`: nothing was sent
no time left, cut off, not HTTP       `Later`, ambiguous once the request was on its way
====================================  ==========================================================================================

An address may be a secret itself (a Slack webhook, a ping address), and a receiver may repeat what it was sent. So errors name scheme and host alone,
and every secret is struck from what they quote.
"""

from __future__ import annotations

import html
import json
import math
import re
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cache
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from launch.reading import BadInput, Table
from reports.channels import Later, Never, Secret, kept
from reports.deadline import MARGIN, Overdue, within
from reports.inert import fitted, one_line

TOTAL_SECONDS = 10.0
"""How long one send may take in all: looking up the name, every request of it, every byte of every answer."""

MOST_BYTES = 64 * 1024
"""So many bytes of an answer are read, as they come: none is asked for compressed, and none is decompressed."""

LONGEST_WAIT = 300.0
"""Seconds; a receiver that asks for more is asked again after so many."""

_EXCERPT = 200
_SHORTEST_SECRET = 4
_ACCEPTED = range(200, 300)
_MOVED = range(300, 400)
_BROKEN = range(500, 600)
_WAITING = frozenset({408, 425, 429})
_UNAVAILABLE = 503
_DELAY = re.compile(r"[0-9]+(?:\.[0-9]+)?\Z")


@dataclass(frozen=True)
class Answer:
    """What came back. `whole` tells that `body` is all of it: neither cut off, nor above the limit, nor too slow."""

    status: int
    reason: str
    headers: httpx.Headers
    body: bytes
    whole: bool

    @property
    def words(self) -> str:
        """The status as people say it: ``202 Accepted``."""
        return f"{self.status} {one_line(self.reason, 60)}".strip()

    def json(self) -> Any:
        """Read the body as JSON.

        Raises:
            Later: it is none, though the request may have been carried out.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            why = "is no JSON" if self.whole else "did not arrive whole"
            raise Later(f"answered {self.words}, but the body {why}", ambiguous=True) from None


@dataclass(frozen=True)
class Line:
    """The way to one receiver. `url` is what every path is added to, `secrets` what never appears in an error, `ca` a file of authorities to trust instead."""

    url: str = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    ca: str = ""
    deadline: float = TOTAL_SECONDS

    @property
    def place(self) -> str:
        """Scheme, host and port: what an error may name."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"

    def call(self) -> Call:
        """Begin one send. Its deadline runs from here on, over all of its requests."""
        return Call(self)

    def post(self, path: str = "", *, json: Any = None, content: bytes | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """Send with one POST.

        Raises:
            Later: try again.
            Never: do not.
        """
        return self.call().send("POST", path, json=json, content=content, headers=headers)

    def clear(self, text: str, *more: str) -> str:
        """Strike the secrets from text, however a receiver may have written them."""
        for each in sorted({*self.secrets, *more}, key=len, reverse=True):
            if len(each) >= _SHORTEST_SECRET:
                for form in {each, quote(each, safe=""), quote(each), html.escape(each), json.dumps(each)[1:-1]}:
                    text = text.replace(form, "[secret]")
        return text


class Call:
    """The requests of one send, under one deadline."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._ends = time.monotonic() + line.deadline

    def send(self, method: str, path: str = "", **request: Any) -> Answer:
        """Make one request, and return the answer if the receiver accepts it. Takes what `ask` takes.

        Raises:
            Later: try again.
            Never: do not.
        """
        return self.judged(self.ask(method, path, **request), *_credentials(request.get("headers")))

    def ask(
        self,
        method: str,
        path: str = "",
        *,
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        most: int = MOST_BYTES,
    ) -> Answer:
        """Make one request, and return the answer whatever it says.

        Raises:
            Later: there is none, or it never began.
            Never: there cannot be one: the address or a header is malformed.
        """
        left = self._ends - time.monotonic()
        if left <= 0:
            raise Later(f"{self._line.place}: no time left of {self._line.deadline:g} s")
        body = encoded(json) if json is not None else content
        kind = {"Content-Type": "application/json"} if json is not None else {}
        exchange = _Exchange(
            method=method,
            url=self._line.url.rstrip("/") + path if path else self._line.url,
            body=body,
            headers={"User-Agent": "synthetics", "Accept-Encoding": "identity", **kind, **(headers or {})},
            params=params,
            trust=trust(self._line.ca) if urlsplit(self._line.url).scheme == "https" else nobody(),
            seconds=left,
            most=most,
        )
        try:
            within(left, exchange.run, exchange.cut)
        except Overdue:
            if exchange.answer is None:
                raise Later(f"{self._line.place}: {exchange.stage} after {self._line.deadline:g} s", ambiguous=exchange.sent) from None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError, UnicodeError) as trouble:
            raise Never(f"{self._line.place}: the request cannot be made: {self._said(str(trouble), headers)}") from None
        except httpx.HTTPError as trouble:
            if exchange.answer is None:
                raise Later(f"{self._line.place}: {exchange.stage}: {self._said(str(trouble), headers)}", ambiguous=exchange.sent) from None
        assert exchange.answer is not None, "an exchange that ends has an answer"
        return exchange.answer

    def judged(self, answer: Answer, *more: str) -> Answer:
        """Return the answer if it is an acceptance; `more` are secrets that this request carried.

        Raises:
            Later: try again.
            Never: do not.
        """
        status = answer.status
        if status in _ACCEPTED:
            return answer
        why = f"{self._line.place} answered {answer.words}"
        if status in _MOVED:
            raise Never(f"{why}: redirects are not followed; set `url` to where it moved")
        excerpt = one_line(self._line.clear(answer.body.decode("utf-8", "replace"), *more), _EXCERPT)
        why += f": {excerpt}" if excerpt else ""
        if status in _WAITING or status in _BROKEN:
            raise Later(why, after=asked_wait(answer.headers, time.time()), ambiguous=status in _BROKEN and status != _UNAVAILABLE)
        raise Never(why)

    def _said(self, text: str, headers: Mapping[str, str] | None) -> str:
        return fitted(one_line(self._line.clear(text, *_credentials(headers)), _EXCERPT), _EXCERPT) or "no reason given"


@dataclass
class _Exchange:
    """One request and its answer, done in a thread that may be left behind."""

    method: str
    url: str
    body: bytes | None
    headers: Mapping[str, str]
    params: Mapping[str, str] | None
    trust: ssl.SSLContext
    seconds: float
    most: int
    answer: Answer | None = None
    sent: bool = False
    stage: str = "no connection"
    _over: bool = False
    _socket: socket.socket | None = None

    def run(self) -> None:
        """Make the request; `answer` holds what is known of the answer as soon as it is."""
        traced = {"trace": self._follow}
        client = httpx.Client(verify=self.trust, timeout=self.seconds + MARGIN, follow_redirects=False)
        with client, client.stream(self.method, self.url, content=self.body, headers=self.headers, params=self.params, extensions=traced) as response:
            self._keep(response, b"", whole=False)
            body = b""
            for piece in response.iter_raw():
                body += piece
                self._keep(response, body[: self.most], whole=False)
                if len(body) > self.most:
                    return
            self._keep(response, body, whole=True)

    def cut(self) -> None:
        """End the connection, so that what waits for it ends."""
        self._over = True
        if self._socket is not None:
            with suppress(OSError):  # it may be closed already
                self._socket.shutdown(socket.SHUT_RDWR)

    def _keep(self, response: httpx.Response, body: bytes, *, whole: bool) -> None:
        self.answer = Answer(response.status_code, response.reason_phrase, response.headers, body, whole)

    def _follow(self, event: str, facts: Mapping[str, Any]) -> None:
        """Take notice of how far the request is. httpx calls this at every step (its `trace` extension); a proxy's CONNECT is not yet the request."""
        stream = facts.get("return_value")
        if event.endswith(("connect_tcp.complete", "start_tls.complete")) and stream is not None:
            self._socket = stream.get_extra_info("socket")
            self.stage = "no TLS"
        if event.endswith("send_request_headers.started") and facts["request"].method != b"CONNECT":
            self.sent, self.stage = True, "no answer"
        if self._over and not event.endswith(("failed", "closed", "complete")):
            raise httpx.ReadTimeout("over")


def line(table: Table, secret: Secret, default: str = "", *, secrets: Iterable[str] = (), key: str = "url") -> Line:
    """Take the way to a receiver from a channel's table: `key` (an address, or ``{ env = "NAME" }`` where it is a secret itself), `ca` and `deadline`.

    Raises:
        BadInput: no web address; one that holds a password; a secret that would leave this machine without TLS; a `ca` that holds no certificate.
    """
    hidden = isinstance(table.raw(key), dict)
    url = kept(table, key, secret) if hidden else table.text(key, default or None)
    shown = "an address that is not shown here" if hidden else repr(url)
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise BadInput(f"{table.at(key)}: saw {shown}; allowed is a web address") from None
    known = tuple(each for each in (*secrets, *((url, parts.path.strip("/")) if hidden else ())) if each)
    if parts.scheme not in {"http", "https"} or not host or not url.isprintable() or " " in url:
        raise BadInput(f"{table.at(key)}: saw {shown}; allowed is a web address (https://...)")
    if parts.username or parts.password:
        raise BadInput(f"{table.at(key)}: saw an address with a password in it; name the secret in a key of its own")
    if parts.scheme == "http" and known and not on_this_machine(host):
        raise BadInput(f"{table.at(key)}: saw http to {host}; allowed is https, because a secret is sent there (http only to this machine itself)")
    return Line(url, known, authorities(table), deadline(table))


def authorities(table: Table) -> str:
    """Take `ca`: a file of certificate authorities to trust instead of the system's; empty where it is not written.

    Raises:
        BadInput: it holds none.
    """
    ca = table.text("ca", "")
    try:
        if ca:
            trust(ca)
    except OSError as trouble:
        raise BadInput(f"{table.at('ca')}: saw {ca!r}; allowed is a file of certificates in PEM: {trouble.strerror or trouble}") from None
    return ca


def deadline(table: Table) -> float:
    """Take `deadline`: how many seconds one message may take in all.

    Raises:
        BadInput: none, or more than `TOTAL_SECONDS`.
    """
    seconds = table.number("deadline", TOTAL_SECONDS, least=0.1)
    if seconds > TOTAL_SECONDS:
        raise table.wrong("deadline", seconds, f"seconds, at most {TOTAL_SECONDS:g}")
    return seconds


@cache
def trust(ca: str = "") -> ssl.SSLContext:
    """Return what certificates are checked against: the system's authorities, or only those of the file `ca`. Making it is slow, so it is made once."""
    return ssl.create_default_context(cafile=ca or None)


@cache
def nobody() -> ssl.SSLContext:
    """Return what trusts no certificate: for what goes without TLS, which need not wait for the system's authorities."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def encoded(value: Any) -> bytes:
    """Write JSON as UTF-8; a lone surrogate, which UTF-8 has not, becomes a question mark."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def asked_wait(headers: Mapping[str, str], now: float) -> float | None:
    """Return how many seconds Retry-After asks for (RFC 9110, 10.2.3): a number, or a date, which counts from the answer's own Date where it has one.

    None where it is absent, negative or no such thing; a date that is over means now; more than `LONGEST_WAIT` means that.
    """
    asked = headers.get("retry-after", "").strip()
    if _DELAY.match(asked):
        return min(float(asked), LONGEST_WAIT)
    until = _dated(asked)
    if until is None:
        return None
    said = _dated(headers.get("date", ""))
    return min(max(0.0, until - (now if said is None else said)), LONGEST_WAIT)


def on_this_machine(host: str) -> bool:
    """Tell whether a host is this machine by its name alone: a loopback address, or localhost."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _dated(text: str) -> float | None:
    try:
        seconds = parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return seconds if math.isfinite(seconds) else None


def _credentials(headers: Mapping[str, str] | None) -> tuple[str, ...]:
    """Return what stands behind the scheme of an Authorization header."""
    return tuple(value.partition(" ")[2] for name, value in (headers or {}).items() if name.lower() == "authorization")
