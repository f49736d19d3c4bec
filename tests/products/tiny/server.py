"""A product as small as can be: accounts, sessions and a page, in memory, on loopback."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAGE = """<!doctype html><title>Tiny</title><h1>{heading}</h1>
<form method="post" action="/page"><label>Email <input name="email"></label><label>Password <input name="password" type="password"></label>
<button>{button}</button></form><script>console.log("the page of " + location.href)</script>"""


class Handler(BaseHTTPRequestHandler):
    """One request; the state is the server's."""

    server: Tiny
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Read."""
        at = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(at.query).items()}
        self.server.seen.append(dict(self.headers.items()) | {"path": self.path})
        match at.path:
            case "/version":
                self.answer(200, {"product": "Tiny", "version": "1"})
            case "/me":
                token = self.headers.get("Authorization", "").removeprefix("Bearer ")
                email = self.server.sessions.get(token)
                self.answer(200, {"id": self.server.accounts[email], "email": email}) if email else self.answer(401, {})
            case "/accounts":
                found = self.server.accounts.get(asked.get("email", ""))
                self.answer(200, {"id": found}) if found else self.answer(404, {})
            case "/away":
                self.send_response(302)
                self.send_header("Location", f"http://localhost:{self.server.server_port}/me")
                self.send_header("Content-Length", "0")
                self.end_headers()
            case "/broken":
                self.answer(500, {"error": "out of order", "token": "a-token-in-a-body"})
            case _:
                cookies = SimpleCookie(self.headers.get("Cookie", ""))
                known = "session" in cookies and self.server.sessions.get(cookies["session"].value)
                self.page(f"Hello {known}" if known else "Log in")

    def do_POST(self) -> None:
        """Make."""
        self.server.seen.append(dict(self.headers.items()) | {"path": self.path})
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.path == "/page":
            given = {name: values[0] for name, values in parse_qs(body).items()}
            self.server.passwords.setdefault(given["email"], given["password"])
            self.server.accounts.setdefault(given["email"], secrets.token_hex(4))
            self.page("Welcome", {"Set-Cookie": f"session={self.session(given['email'])}; HttpOnly; Path=/"})
            return
        given = json.loads(body)
        if self.path == "/accounts":
            if given["email"] in self.server.accounts:
                self.answer(409, {})
                return
            self.server.accounts[given["email"]] = given["name"].partition(" ")[0] + "-" + secrets.token_hex(4)
            self.server.passwords[given["email"]] = given["password"]
            self.answer(201, {"id": self.server.accounts[given["email"]]})
        elif self.server.passwords.get(given["email"]) == given["password"]:
            self.answer(200, {"token": self.session(given["email"])})
        else:
            self.answer(401, {})

    def do_DELETE(self) -> None:
        """Erase; an account that was made by somebody called Sticky stays, and says so; that of somebody called Lasting stays, and does not."""
        self.server.seen.append(dict(self.headers.items()) | {"path": self.path})
        number = self.path.rpartition("/")[2]
        if number.startswith("Sticky"):
            self.answer(409, {"error": "sticky"})
            return
        if number.startswith("Lasting"):
            self.answer(204, {})
            return
        for email in [email for email, each in self.server.accounts.items() if each == number]:
            del self.server.accounts[email]
        self.answer(204, {})

    def session(self, email: str) -> str:
        """Begin a session."""
        token = "session" + secrets.token_hex(12)
        self.server.sessions[token] = email
        if self.server.told:
            with self.server.told.open("a") as told:
                told.write(token + "\n")
        return token

    def page(self, heading: str, headers: dict[str, str] | None = None) -> None:
        """Answer with the page."""
        self.send(200, "text/html", PAGE.format(heading=heading, button="Go").encode(), headers or {})

    def answer(self, status: int, body: dict[str, Any]) -> None:
        """Answer with JSON."""
        self.send(status, "application/json", b"" if status == 204 else json.dumps(body).encode(), {})

    def send(self, status: int, kind: str, body: bytes, headers: dict[str, str]) -> None:
        """Answer."""
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), "X-Request-Id": secrets.token_hex(4), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


class Tiny(ThreadingHTTPServer):
    """The server and its state. `told`, where given, is a file that gets every session's token: what must not be found anywhere else."""

    daemon_threads = True

    def __init__(self, told: Path | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.told = told
        self.accounts: dict[str, str] = {}
        self.passwords: dict[str, str] = {}
        self.sessions: dict[str, str] = {}
        self.seen: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def serving(told: Path | None = None) -> Iterator[Tiny]:
    """Serve until the block ends."""
    with Tiny(told) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
