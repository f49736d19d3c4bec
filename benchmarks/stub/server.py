"""Serves the stub on loopback: `python benchmarks/stub/server.py --active-after 5`. Prints `ready ADDRESS`, and ends with its parent's pipe.

A project becomes active a fixed time after it was asked for. Who is logged in is told by a bearer token, or by the cookie `session`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import sys
import time
from dataclasses import dataclass, field
from html import escape
from urllib.parse import parse_qsl, urlsplit

OPERATOR = "the-operator"
REASONS = {200: "OK", 201: "Created", 204: "No Content", 303: "See Other", 401: "Unauthorized", 404: "Not Found", 409: "Conflict"}
PAGE = '<!doctype html><html lang="en"><head><title>Stub</title><link rel="icon" href="data:,"></head><body><main>{}</main></body></html>'
FORM = '<form method="post"><h1>{title}</h1>{fields}<button>{button}</button></form>'
FIELD = '<p><label for="{name}">{label}</label> <input id="{name}" name="{name}" type="{kind}" required></p>'
FIELDS = {
    "name": FIELD.format(name="name", label="Name", kind="text"),
    "email": FIELD.format(name="email", label="E-mail address", kind="email"),
    "password": FIELD.format(name="password", label="Password", kind="password"),
}
SIGN_UP = PAGE.format(FORM.format(title="Sign up", fields="".join(FIELDS.values()), button="Sign up"))
LOG_IN = PAGE.format(FORM.format(title="Log in", fields=FIELDS["email"] + FIELDS["password"], button="Log in"))
PROJECTS = '<p data-testid="signed-in-as">{email}</p>' + FORM.format(title="Projects", fields=FIELDS["name"], button="Create project")


@dataclass
class Account:
    """Somebody who signed up."""

    id: str
    email: str
    password: str


@dataclass
class Project:
    """A project, active from `active_at` on (monotonic seconds)."""

    id: str
    name: str
    owner: str
    active_at: float

    def shown(self) -> dict[str, str]:
        """Return what the API and the page show."""
        return {"id": self.id, "name": self.name, "state": "active" if time.monotonic() >= self.active_at else "provisioning"}


@dataclass
class Stub:
    """All there is, in memory."""

    active_after: float
    accounts: dict[str, Account] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)

    def sign_up(self, email: str, password: str) -> Account | None:
        """Make an account, None where there is one."""
        if email in self.accounts:
            return None
        account = self.accounts[email] = Account(secrets.token_hex(6), email, password)
        return account

    def log_in(self, email: str, password: str) -> str | None:
        """Begin a session, None where nobody has that address and password."""
        account = self.accounts.get(email)
        if account is None or account.password != password:
            return None
        token = secrets.token_hex(16)
        self.sessions[token] = email
        return token

    def ask(self, owner: str, name: str) -> Project:
        """Take in the wish for a project."""
        project = Project(secrets.token_hex(6), name, owner, time.monotonic() + self.active_after)
        self.projects[project.id] = project
        return project

    def erase(self, account_id: str) -> None:
        """Forget an account and all that hangs on it."""
        for email in [each.email for each in self.accounts.values() if each.id == account_id]:
            del self.accounts[email]
            self.sessions = {token: each for token, each in self.sessions.items() if each != email}
            self.projects = {key: each for key, each in self.projects.items() if each.owner != email}


@dataclass
class Request:
    """One request, read."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def token(self) -> str:
        """What the request bears: a token, or the cookie of a session."""
        if bearer := self.headers.get("authorization"):
            return bearer.removeprefix("Bearer ")
        return self.headers.get("cookie", "").partition("session=")[2].partition(";")[0]


Answer = tuple[int, str, dict[str, str]]
"""Status, body, and headers besides the usual ones."""


def said(status: int, record: object) -> Answer:
    """Answer in JSON."""
    return status, json.dumps(record), {"Content-Type": "application/json"}


def shown(content: str) -> Answer:
    """Answer with a page."""
    return 200, content, {"Content-Type": "text/html; charset=utf-8"}


def led(to: str, **headers: str) -> Answer:
    """Lead a browser on after a form."""
    return 303, "", {"Location": to, **headers}


MISSING = said(404, {"code": "not_found"})
STRANGER = said(401, {"code": "unauthenticated"})


def answer(stub: Stub, request: Request) -> Answer:
    """Answer a request."""
    if request.path == "/version":
        return said(200, {"product": "Stub"})
    room = request.path.split("/")[1]
    rooms = {"api": by_api, "operator": by_operator}
    return rooms.get(room, by_page)(stub, request)


def by_api(stub: Stub, request: Request) -> Answer:
    """Answer a program."""
    match request.method, request.path.split("/")[2:]:
        case "POST", ["accounts"]:
            given = json.loads(request.body)
            account = stub.sign_up(given["email"], given["password"])
            return said(201, {"id": account.id}) if account else said(409, {"code": "taken"})
        case "POST", ["sessions"]:
            given = json.loads(request.body)
            token = stub.log_in(given["email"], given["password"])
            return said(201, {"token": token}) if token else STRANGER
    email = stub.sessions.get(request.token)
    if email is None:
        return STRANGER
    match request.method, request.path.split("/")[2:]:
        case "GET", ["me"]:
            return said(200, {"id": stub.accounts[email].id, "email": email})
        case "POST", ["projects"]:
            return said(201, stub.ask(email, json.loads(request.body)["name"]).shown())
        case "GET", ["projects", key] if key in stub.projects and stub.projects[key].owner == email:
            return said(200, stub.projects[key].shown())
    return MISSING


def by_operator(stub: Stub, request: Request) -> Answer:
    """Answer the operator."""
    if request.token != OPERATOR:
        return STRANGER
    match request.method, request.path.split("/")[2:]:
        case "GET", ["accounts"]:
            account = stub.accounts.get(request.query.get("email", ""))
            return said(200, {"id": account.id}) if account else MISSING
        case "DELETE", ["accounts", key]:
            stub.erase(key)
            return 204, "", {}
    return MISSING


def by_page(stub: Stub, request: Request) -> Answer:
    """Answer a browser."""
    given = dict(parse_qsl(request.body.decode())) if request.method == "POST" else {}
    match request.method, request.path.split("/")[1:]:
        case "GET", ["signup"]:
            return shown(SIGN_UP)
        case "POST", ["signup"]:
            return led("/login") if stub.sign_up(given["email"], given["password"]) else shown(SIGN_UP)
        case "GET", ["login"]:
            return shown(LOG_IN)
        case "POST", ["login"]:
            token = stub.log_in(given["email"], given["password"])
            return led("/projects", **{"Set-Cookie": f"session={token}; Path=/; HttpOnly"}) if token else shown(LOG_IN)
    email = stub.sessions.get(request.token)
    if email is None:
        return led("/login")
    match request.method, request.path.split("/")[1:]:
        case "GET", ["projects"]:
            return shown(PAGE.format(PROJECTS.format(email=escape(email))))
        case "POST", ["projects"]:
            return led(f"/projects/{stub.ask(email, given['name']).id}")
        case "GET", ["projects", key] if key in stub.projects and stub.projects[key].owner == email:
            found = stub.projects[key].shown()
            return shown(PAGE.format(f'<h1>{escape(found["name"])}</h1><p data-testid="state">{found["state"]}</p>'))
    return MISSING


class Connection(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, as much of it as browsers and clients speak to a stub."""

    def __init__(self, stub: Stub) -> None:
        self._stub = stub
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each request that is complete."""
        self._read += data
        while True:
            head, found, rest = self._read.partition(b"\r\n\r\n")
            if not found:
                return
            first, *lines = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            length = int(headers.get("content-length", "0"))
            if len(rest) < length:
                return
            self._read = rest[length:]
            method, target, _ = first.split(" ")
            parts = urlsplit(target)
            self._send(answer(self._stub, Request(method, parts.path, dict(parse_qsl(parts.query)), headers, rest[:length])))

    def _send(self, found: Answer) -> None:
        status, text, headers = found
        body = text.encode()
        lines = [f"HTTP/1.1 {status} {REASONS[status]}", f"Content-Length: {len(body)}", *(f"{name}: {value}" for name, value in headers.items())]
        self._transport.write("\r\n".join([*lines, "", ""]).encode() + body)


async def serve(active_after: float) -> None:
    """Serve until standard input ends."""
    loop = asyncio.get_running_loop()
    stub = Stub(active_after)
    server = await loop.create_server(lambda: Connection(stub), "127.0.0.1", 0, backlog=512)
    host, port = server.sockets[0].getsockname()
    print(f"ready http://{host}:{port}", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--active-after", type=float, default=0.0, help="seconds from the wish for a project to its being active")
    asyncio.run(serve(parser.parse_args().active_after))
