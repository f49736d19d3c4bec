"""Requests of a driver, with blame: what the wire did becomes the fault of whoever it concerns.

==========================================  =====================
no such host, refused, untrusted            `TargetUnreachable`
no answer in time, cut off, not HTTP        `ProductFault`
over the cap on size, over the redirects    `ProductFault`
a 5xx answer                                `ProductFault`
a host outside the target's list            `ProductFault`
any other answer                            the driver's to read
==========================================  =====================
"""

from __future__ import annotations

import html
import json as jsonlib
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import httpx

from flows import trail
from flows.blame import ProductFault, SuiteFault, TargetUnreachable

SERVER_ERROR = 500

REFUSED = 401, 403
"""What a credential that is not good for something is answered by."""

UNSEEN = re.compile(r"<head\b.*?</head>|<(script|style|template)\b.*?</\1>|<!--.*?-->|<!doctype[^>]*>", re.DOTALL | re.IGNORECASE)
"""What is in a page and is not seen by who reads it."""

CHIEF, HEADING = re.compile(r"<h1\b", re.IGNORECASE), re.compile(r"<h[23]\b", re.IGNORECASE)
TAG = re.compile(r"<[^>]+>")


I = TypeVar("I", bound="Identified")  # noqa: E741 -- a letter for a type


class OffTarget(httpx.RequestError):
    """A request, or a redirect, leads to a host that is not on the target's list."""


@dataclass(frozen=True)
class Answer:
    """An HTTP answer: `request_id` is the product's own, where it gives one."""

    status: int
    headers: httpx.Headers
    text: str
    url: str
    request_id: str | None

    def json(self) -> Any:
        """Parse the body.

        Raises:
            ProductFault: it is not JSON.
        """
        try:
            return jsonlib.loads(self.text)
        except ValueError as cause:
            msg = f"{self.url} answered {self.status} with a body that is not JSON ({cause}): {self.text[:120]!r}{self._trace()}"
            raise ProductFault(msg) from cause

    def record(self, *names: str) -> dict[str, Any]:
        """Parse the body as an object that has at least the fields `names`.

        Raises:
            ProductFault: it is not, or lacks one.
        """
        body = self.json()
        missing = [name for name in names if not isinstance(body, dict) or name not in body]
        if missing or not isinstance(body, dict):
            msg = f"{self.url} answered {self.status} without {', '.join(missing) or 'an object'}: {self.text[:120]!r}{self._trace()}"
            raise ProductFault(msg)
        return body

    def unexpected(self, doing: str) -> ProductFault:
        """Build the fault for an answer that fits neither promise nor refusal."""
        return ProductFault(f"{doing}: {self.url} answered {self.status}, which is neither success nor a known refusal: {self.said()!r}{self._trace()}")

    def credible(self, doing: str) -> Answer:
        """Return this answer to the operator, unless it refuses the credential itself: that is the suite's to renew, and no promise of the product.

        Raises:
            SuiteFault: it is a 401 or a 403.
        """
        if self.status in REFUSED:
            msg = (
                f"as operator, {doing}: {self.url} answered {self.status}: the operator's credential has run out, or may not do this; renew it: {self.said()!r}"
            )
            raise SuiteFault(msg)
        return self

    def said(self) -> str:
        """Return what the body says, at most 160 characters of it: of a page the words from its chief heading on, without the markup."""
        if "html" not in self.headers.get("content-type", ""):
            return self.text[:160]
        shown = UNSEEN.sub(" ", self.text)
        heading = CHIEF.search(shown) or HEADING.search(shown)
        return " ".join(html.unescape(TAG.sub(" ", shown[heading.start() :] if heading else shown)).split())[:160]

    def _trace(self) -> str:
        return f" (request {self.request_id})" if self.request_id else ""


class Identified(Protocol):
    """What has an id of the product's own."""

    @property
    def id(self) -> str:
        """The id."""


def own(found: I, asked: str, answer: Answer) -> I:
    """Return what was found, if it is what was asked for.

    Raises:
        ProductFault: it is another.
    """
    if found.id != asked:
        msg = f"{answer.url} answered {answer.status} with another than was asked for: {found.id}, not {asked}"
        raise ProductFault(msg)
    return found


@contextmanager
def documented(answer: Answer) -> Iterator[None]:
    """Read an answer inside: what it lacks, or holds otherwise than documented, is the product's fault.

    Raises:
        ProductFault: in place of a KeyError, an IndexError, an AttributeError, a TypeError or a ValueError.
    """
    try:
        yield
    except (LookupError, AttributeError, TypeError, ValueError) as cause:
        msg = f"{answer.url} answered {answer.status} with what is not as documented ({cause!r}): {answer.text[:200]!r}"
        raise ProductFault(msg) from cause


class Http:
    """A client of one actor: cookies and credentials are its own, connections are shared."""

    def __init__(self, client: httpx.Client, request_id_header: str = "X-Request-Id") -> None:
        self.client = client
        self._request_id_header = request_id_header

    def send(self, method: str, url: str, *, server_errors: bool = False, **options: Any) -> Answer:
        """Send a request and read the whole answer. `server_errors` lets a 5xx through for the driver to read.

        Raises:
            TargetUnreachable: nothing answers at that address.
            ProductFault: see the table above.
        """
        path = trail.current()
        exchange = trail.Exchange(method=method, url=str(self.client.base_url.join(url)), began=path.now())
        path.exchanges.append(exchange)
        began = time.monotonic()
        try:
            answer = self.client.request(method, url, headers={**options.pop("headers", {}), "traceparent": path.traceparent()}, **options)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, httpx.UnsupportedProtocol) as cause:
            exchange.note = _said(cause)
            msg = f"nothing answers at {exchange.url}: {_said(cause)}"
            raise TargetUnreachable(msg) from cause
        except httpx.HTTPError as cause:
            exchange.note = _said(cause)
            msg = f"{method} {exchange.url} got no whole answer after {time.monotonic() - began:.1f} s: {_said(cause)}"
            raise ProductFault(msg) from cause
        finally:
            exchange.seconds = time.monotonic() - began
        for each in (*answer.history, answer):
            path.learn((*each.request.headers.raw, *each.headers.raw))
        exchange.status = answer.status_code
        exchange.request_id = answer.headers.get(self._request_id_header)
        read = Answer(status=answer.status_code, headers=answer.headers, text=answer.text, url=f"{method} {answer.url}", request_id=exchange.request_id)
        if read.status >= SERVER_ERROR and not server_errors:
            msg = f"{read.url} answered {read.status}: {read.said()!r}" + (f" (request {read.request_id})" if read.request_id else "")
            raise ProductFault(msg)
        return read

    def get(self, url: str, **options: Any) -> Answer:
        """GET."""
        return self.send("GET", url, **options)

    def post(self, url: str, **options: Any) -> Answer:
        """POST."""
        return self.send("POST", url, **options)

    def put(self, url: str, **options: Any) -> Answer:
        """PUT."""
        return self.send("PUT", url, **options)

    def patch(self, url: str, **options: Any) -> Answer:
        """PATCH."""
        return self.send("PATCH", url, **options)

    def delete(self, url: str, **options: Any) -> Answer:
        """DELETE."""
        return self.send("DELETE", url, **options)

    def close(self) -> None:
        """Close the client; shared connections stay."""
        self.client.close()


def _said(cause: BaseException) -> str:
    root: BaseException | None = cause
    while root is not None:
        if isinstance(root, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted: {root.verify_message}"
        root = root.__cause__ or root.__context__
    return f"{type(cause).__name__}: {cause}" if str(cause) else type(cause).__name__
