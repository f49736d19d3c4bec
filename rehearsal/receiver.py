"""An HTTP server on loopback that plays a receiver: it answers by its rules, or gets into whatever trouble a test asks for."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

HANG_UP = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Request:
    """What was asked. The names of headers are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The target without its query."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """The query, the last of each name."""
        return dict(parse_qsl(urlsplit(self.target).query))

    def json(self) -> Any:
        """Read the body as JSON; ValueError where it is none."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """What is answered. A body that is not bytes is sent as JSON."""

    status: int = 200
    body: Any = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        """The body as bytes."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


Rules = Callable[[Request], Reply]
Trouble = Callable[["Connection", Request], None]
"""Takes a request over from the rules, and answers it or not."""


class Receiver(ThreadingHTTPServer):
    """Serves on 127.0.0.1 until `close`. `troubles` are met one after the other, one for each request; then `always`, if there is one."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, rules: Rules, *, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", port), Connection)
        self.rules, self.tls = rules, tls
        self.requests: list[Request] = []
        self.troubles: deque[Trouble] = deque()
        self.always: Trouble | None = None
        self.over, self.left_alone = threading.Event(), threading.Event()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.server_port}"

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept; the TLS handshake waits until the request is read, in a thread of its own."""
        accepted, address = super().get_request()
        if self.tls is not None:
            accepted = self.tls.wrap_socket(accepted, server_side=True, do_handshake_on_connect=False)
        return accepted, address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet: who hangs up does so on purpose here."""

    def close(self) -> None:
        """End, also what still hangs."""
        self.over.set()
        self.shutdown()
        self.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Connection(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: Receiver

    def handle_one_request(self) -> None:
        """Read a request and answer it."""
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = Request(self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        self.server.requests.append(request)
        trouble = self.server.troubles.popleft() if self.server.troubles else self.server.always
        if trouble is not None:
            self.close_connection = True
            trouble(self, request)
        else:
            self.answer(self.server.rules(request))

    def answer(self, reply: Reply) -> None:
        """Send a reply."""
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(reply.content)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.content)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


def replies(status: int, body: Any = b"", **headers: str) -> Trouble:
    """Answer with this, whatever was asked."""
    return lambda connection, _: connection.answer(Reply(status, body, {name.replace("_", "-"): value for name, value in headers.items()}))


def by_rules(connection: Connection, request: Request) -> None:
    """Answer by the rules, and hang up."""
    connection.answer(connection.server.rules(request))


def as_though(status: int, padding: int = 0) -> Trouble:
    """Answer by the rules, but with this status, and with so many bytes of padding in the body (blanks, which mean nothing in JSON)."""

    def trouble(connection: Connection, request: Request) -> None:
        reply = connection.server.rules(request)
        connection.answer(Reply(status, b" " * padding + reply.content, reply.headers))

    return trouble


def silent(connection: Connection, _: Request) -> None:
    """Take the request, and never answer."""
    connection.connection.settimeout(0.05)
    while not connection.server.over.is_set():
        with suppress(TimeoutError):
            if not connection.connection.recv(1):
                connection.server.left_alone.set()
                return


def lost(connection: Connection, request: Request) -> None:
    """Do what was asked, and hang up instead of answering."""
    connection.server.rules(request)
    hang_up(connection, request)


def hang_up(connection: Connection, _: Request) -> None:
    """Reset the connection."""
    connection.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, HANG_UP)
    connection.connection.close()


def garbage(connection: Connection, _: Request) -> None:
    """Answer something that is not HTTP."""
    connection.wfile.write(b"220 mail.example.com ESMTP\r\n")


def drips_head(connection: Connection, _: Request) -> None:
    """Send a header byte by byte, for ever."""
    connection.wfile.write(b"HTTP/1.1 202 Accepted\r\nX-Drip: ")
    _drip(connection)


def drips_body(status: int) -> Trouble:
    """Send status and headers, and then a body byte by byte, for ever."""

    def trouble(connection: Connection, _: Request) -> None:
        connection.wfile.write(f"HTTP/1.1 {status} Dripping\r\nContent-Length: 100000000\r\n\r\n".encode())
        _drip(connection)

    return trouble


def _drip(connection: Connection) -> None:
    try:
        while not connection.server.over.wait(0.02):
            connection.wfile.write(b"x")
    except OSError:
        connection.server.left_alone.set()


class Unaccepting:
    """A port that completes no connection: its queue is full, and stays so."""

    def __enter__(self) -> str:
        self._server = socket.create_server(("127.0.0.1", 0), backlog=0)
        self._waiting = []
        for _ in range(8):
            waiting = socket.socket()
            waiting.setblocking(False)
            waiting.connect_ex(self._server.getsockname())
            self._waiting.append(waiting)
        return f"http://127.0.0.1:{self._server.getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        for each in (*self._waiting, self._server):
            each.close()


def closed_port() -> int:
    """Return a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
