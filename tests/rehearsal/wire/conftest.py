"""A shop to stand in front of, and one proxy for all tests of a module."""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
import trustme
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived

from rehearsal.board import Board, Switch
from rehearsal.wire import rules
from rehearsal.wire.proxy import Wire, proxy
from rehearsal.wire.rules import Rule

PAGE = """<!doctype html><html><head><title>Shop</title><link rel="stylesheet" href="/shop.css"></head>
<body><h1>Shop</h1><button>Buy</button><script src="/shop.js"></script></body></html>"""
COOKIES = ("session=s1; Path=/; Secure; HttpOnly; SameSite=Lax", "theme=dark; Path=/")


class Handler(BaseHTTPRequestHandler):
    """One request; the shop keeps what it was asked for."""

    server: Shop
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer."""
        self.server.asked.append(f"{self.command} {self.path}")
        match self.path.partition("?")[0]:
            case "/page":
                headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", "default-src 'self'")]
                self.say(PAGE, [*headers, *(("Set-Cookie", each) for each in COOKIES)])
            case "/shop.js":
                self.say("document.querySelector('button').onclick = () => { document.title = 'Bought' }", [("Content-Type", "text/javascript")])
            case "/shop.css":
                self.say("body { color: navy }", [("Content-Type", "text/css")])
            case "/echo":
                self.say(json.dumps({name.lower(): value for name, value in self.headers.items()}), [("Content-Type", "application/json")])
            case "/large":
                self.say("x" * 7_000_000, [("Content-Type", "text/plain")])
            case _:
                items = [{"id": 1, "state": "ready"}, {"id": 2, "state": "ready"}]
                self.say(json.dumps({"items": items, "count": len(self.server.asked)}), [("Content-Type", "application/json")])

    def do_POST(self) -> None:
        """Take something."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.do_GET()

    def say(self, body: str, headers: list[tuple[str, str]]) -> None:
        """Send an answer."""
        self.send_response(200)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Shop(ThreadingHTTPServer):
    """A product under TLS; `asked` is what reached it."""

    daemon_threads = True

    def __init__(self, authority: trustme.CA) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def handle_error(self, *_: object) -> None:  # type: ignore[override]
        """A client that does not trust us is what is being tried."""


@contextmanager
def open_shop(authority: trustme.CA) -> Iterator[Shop]:
    """Serve the shop."""
    shop = Shop(authority)
    thread = threading.Thread(target=shop.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield shop
    shop.shutdown()
    shop.server_close()


@contextmanager
def open_newer(authority: trustme.CA) -> Iterator[str]:
    """Serve HTTP/2 alone; answers ``two`` to all. Yields its address."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    context.set_alpn_protocols(["h2"])
    loop = asyncio.new_event_loop()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = H2Connection(H2Configuration(client_side=False))
        connection.initiate_connection()
        writer.write(connection.data_to_send())
        while data := await reader.read(65536):
            for event in connection.receive_data(data):
                if isinstance(event, RequestReceived):
                    connection.send_headers(event.stream_id, [(":status", "200"), ("content-type", "text/plain")])
                    connection.send_data(event.stream_id, b"two", end_stream=True)
            writer.write(connection.data_to_send())
            await writer.drain()
        writer.close()

    server = loop.run_until_complete(asyncio.start_server(serve, "127.0.0.1", 0, ssl=context))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    server.close()
    loop.close()


@dataclass
class Street:
    """The shop, the proxy in front of it, and the board that the proxy reads."""

    shop: Shop
    wire: Wire
    board: Board
    drills: int = 0
    _clients: list[httpx.Client] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The shop's own address."""
        return f"https://127.0.0.1:{self.shop.server_port}"

    def client(self, **more: Any) -> httpx.Client:
        """Return a client that goes through the proxy, and trusts whom it says."""
        trust = ssl.create_default_context(cafile=str(self.wire.ca))
        self._clients.append(httpx.Client(**{"base_url": self.url, "proxy": self.wire.address, "verify": trust, "trust_env": False, "timeout": 5, **more}))
        return self._clients[-1]

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask for something through the proxy."""
        return self.client().get(path, headers=headers)

    @contextmanager
    def broken(self, *broken: Rule, dose: float = 1.0, seconds: float = 60.0, begun: float | None = None) -> Iterator[str]:
        """Have rules on; yields the drill."""
        self.drills += 1
        drill = f"d{self.drills}"
        self.board.put(Switch(drill, "F40", time.time() + seconds, dose=dose, settings=rules.settings(*broken, begun=begun)))
        try:
            yield drill
        finally:
            self.board.clear(drill)

    def close(self) -> None:
        """Close the clients."""
        for each in self._clients:
            each.close()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Return the shop's authority."""
    return trustme.CA()


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory, authority: trustme.CA) -> Iterator[Street]:
    """Open the shop, and the proxy in front of it."""
    folder = tmp_path_factory.mktemp("wire")
    authority.cert_pem.write_to_path(str(folder / "shop.pem"))
    with open_shop(authority) as shop, proxy(folder, folder / "board", folder / "shop.pem") as wire:
        opened = Street(shop, wire, Board(folder / "board"))
        yield opened
        opened.close()


def until(true: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Look until something is true, for so many seconds at the most."""
    deadline, tick = time.monotonic() + seconds, threading.Event()
    while not true():
        if time.monotonic() > deadline:
            return False
        tick.wait(0.02)
    return True
