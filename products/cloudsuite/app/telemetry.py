"""What the product tells about itself: metrics, JSON log lines, request and trace ids."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
import sys
import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from http import HTTPStatus

from prometheus_client import Counter, Gauge, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from products.cloudsuite.app.identifiers import new_id

SIGNUPS = Counter("signups_total", "Accounts made.", ["synthetic"])
QUOTA_REFUSALS = Counter("quota_refusals_total", "Requests refused because a limit was reached.", ["dimension"])
TRANSITIONS = Counter("transitions_total", "Changes of project state that people and operators made.", ["action"])
PROVISIONINGS = Counter("provisioning_total", "Finished provisionings.", ["state", "synthetic"])
PROVISIONING_SECONDS = Histogram("provisioning_seconds", "From request to active or failed.", buckets=(0.5, 1, 2, 5, 10, 20, 30, 60, 120))
REVENUE = Gauge("revenue_cents", "Paid and owed by customers; synthetic ones are left out.")
HTTP_REQUESTS = Counter("http_requests_total", "Answered requests.", ["method", "route", "status"])
HTTP_SECONDS = Histogram("http_request_seconds", "Time to answer.", ["route"])

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")

log = logging.getLogger("cloudsuite")


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, message and what was given as `extra={"facts": …}`."""

    def format(self, record: logging.LogRecord) -> str:
        """A record as one line."""
        facts = getattr(record, "facts", {})
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname.lower(), "message": record.getMessage(), **facts}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line)


def log_to_stderr() -> None:
    """Send every log line of this process to stderr as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


class FinishedProvisionings:
    """Counts what the worker, another process, wrote down: each finished provisioning once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen = 0

    def count(self, rows: Iterable[sqlite3.Row]) -> None:
        """Count those of the rows of `provisionings`, ordered by id, that were not counted before."""
        with self._lock:
            for row in rows:
                if row["id"] <= self._seen:
                    continue
                self._seen = row["id"]
                PROVISIONINGS.labels(state=row["state"], synthetic=str(bool(row["synthetic"])).lower()).inc()
                if row["state"] in ("active", "failed"):
                    PROVISIONING_SECONDS.observe(row["seconds"])


class RequestRecord:
    """ASGI middleware: gives each request an id, echoes it, counts the request and logs it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        offered = headers.get("x-request-id", "")
        request_id = offered if REQUEST_ID.fullmatch(offered) else new_id("req")
        trace = TRACEPARENT.fullmatch(headers.get("traceparent", ""))
        scope.setdefault("state", {})["request_id"] = request_id
        method, started = scope.get("method", "WEBSOCKET"), time.monotonic()
        status = int(HTTPStatus.INTERNAL_SERVER_ERROR)

        async def recorded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            elif message["type"] == "websocket.accept":
                status = HTTPStatus.SWITCHING_PROTOCOLS
            elif message["type"] == "websocket.close" and status == HTTPStatus.INTERNAL_SERVER_ERROR:
                status = HTTPStatus.FORBIDDEN  # closed before it was accepted
            await send(message)

        try:
            await self.app(scope, receive, recorded)
        finally:
            seconds = time.monotonic() - started
            route = _route(scope)
            HTTP_REQUESTS.labels(method=method, route=route, status=status).inc()
            if scope["type"] == "http":
                HTTP_SECONDS.labels(route=route).observe(seconds)
            facts = {
                "method": method,
                "route": route,
                "status": status,
                "seconds": round(seconds, 4),
                "request_id": request_id,
                "trace_id": trace[1] if trace else None,
            }
            log.info("request", extra={"facts": facts})


def _route(scope: Scope) -> str:
    """The path with the names of its parameters for their values, so that there are few."""
    if "route" not in scope:
        return "unmatched"
    names = {value: f"{{{name}}}" for name, value in scope["path_params"].items()}
    return "/".join(names.get(part, part) for part in scope["path"].split("/"))
