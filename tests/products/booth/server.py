"""Booth: a product as small as can be that has everything the template starts from. Accounts, sessions, stalls that take a moment; an API and pages; in memory.

What is broken in it stands in `Booth.broken`, and is broken at once. `Booth.manners` holds ways of its own, none of which breaks a promise.
"""

from __future__ import annotations

import html
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

STAFF = "the-staffs-own-token"
BUILDING = 0.25
"""Seconds that a stall takes."""

FRAME = "<!doctype html><html lang=en><title>Booth</title><h1>Booth</h1>{}"
JOIN = """<form method=post novalidate><label>Full name <input name=name></label><label>E-mail <input name=email></label>
<label>Secret <input name=password type=password></label><button>Join</button></form>"""
ENTER = """<form method=post><label>E-mail <input name=email></label><label>Secret <input name=password type=password></label><button>Enter</button></form>"""
HOME = """<p>You are <b data-testid=me data-id="{id}" data-name="{name}">{email}</b></p><form method=post action=/leave><button>Leave</button></form>
<form method=post action=/stalls><label>Stall <input name=name></label><button>Open a stall</button></form>{stalls}"""
STALL = '<p data-testid=stall data-id="{id}" data-name="{name}" data-state="{state}">{name}</p>'


LAG = 0.4
"""Seconds by which lists and counts are late, where they are."""

PLAN = 3
"""Stalls that somebody may have."""


class Declined(Exception):  # noqa: N818 -- named for what happened
    """Booth says no: status, code, and a sentence."""

    def __init__(self, status: int, code: str, message: str, field: str = "", later: int = 0, **more: Any) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.field, self.later, self.more = status, code, message, field, later, more


@dataclass
class Stall:
    """Something that somebody has."""

    id: str
    name: str
    owner: str
    asked: float = field(default_factory=time.monotonic)
    gone: float | None = None


class Booth(ThreadingHTTPServer):
    """The server and all it knows.

    `broken` holds what is out of order: ``log-out``, ``list``, ``capitals``, ``stuck``, ``oversold``, ``leaky`` (a stall that is gone counts on).
    `manners`: ``late`` (lists, counts and new stalls are seen a moment late), ``busy`` (a stall on its way cannot be removed yet), ``strict`` (a secret has a
    symbol, a stall's name no hyphen), ``hurried`` (some sign-ups are put off), ``given`` (everybody starts with a stall).
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.people: dict[str, dict[str, str]] = {}
        self.sessions: dict[str, str] = {}
        self.stalls: list[Stall] = []
        self.broken: set[str] = set()
        self.manners: set[str] = set()
        self.asked_to_wait: list[str] = []
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_port}"

    def join(self, name: str, email: str, password: str) -> dict[str, str]:
        """Make an account."""
        key = email.strip() if "capitals" in self.broken else email.strip().lower()
        if "@" not in key:
            raise Declined(422, "bad_field", "That is no e-mail address.", "email")
        if len(password) < 8:
            raise Declined(422, "bad_field", "A secret has eight characters at least.", "password")
        if "strict" in self.manners and password.isalnum():
            raise Declined(422, "bad_field", "A secret has a symbol.", "password")
        if key in self.people:
            raise Declined(409, "person_exists", "Somebody has that address already.")
        if "hurried" in self.manners and key not in self.asked_to_wait:
            self.asked_to_wait.append(key)
            raise Declined(429, "slowly", "Too many people at once.", later=1)
        self.people[key] = {"id": secrets.token_hex(6), "name": name, "email": key, "password": password}
        if "given" in self.manners:
            self.stalls.append(Stall(secrets.token_hex(6), "yourfirststall", self.people[key]["id"], asked=0.0))
        return self.people[key]

    def enter(self, email: str, password: str) -> str:
        """Begin a session."""
        person = self.people.get(email) or self.people.get(email.lower())
        if person is None or person["password"] != password:
            raise Declined(401, "wrong_login", "Wrong address or secret.")
        token = secrets.token_hex(12)
        self.sessions[token] = person["email"]
        return token

    def leave(self, token: str) -> None:
        """End a session."""
        if "log-out" not in self.broken:
            self.sessions.pop(token, None)

    def person(self, token: str) -> dict[str, str]:
        """Say whose session it is."""
        person = self.people.get(self.sessions.get(token, ""))
        if person is None:
            raise Declined(401, "who_are_you", "Enter first.")
        return person

    def open(self, owner: dict[str, str], name: str) -> dict[str, str]:
        """Begin to build a stall."""
        if "strict" in self.manners and not name.isalnum():
            raise Declined(422, "bad_field", "A stall's name has letters and digits.", "name")
        with self.lock:
            taken = self.counted(owner, late=False)
            if taken >= PLAN + ("oversold" in self.broken):
                raise Declined(402, "full", f"You have all {PLAN} stalls of your plan.", limit=PLAN, usage=taken, remedy="Remove one to make room.")
            made = Stall(secrets.token_hex(6), name, owner["id"])
            self.stalls.append(made)
        return self.shown(made)

    def there(self, stall: Stall, *, late: bool) -> bool:
        """Tell whether a stall is there; who is late sees what was."""
        now = time.monotonic() - (LAG if late and "late" in self.manners else 0.0)
        return stall.asked <= now and (stall.gone is None or stall.gone > now)

    def counted(self, owner: dict[str, str], *, late: bool) -> int:
        """Count somebody's stalls."""
        return sum(stall.owner == owner["id"] and ("leaky" in self.broken or self.there(stall, late=late)) for stall in self.stalls)

    def remove(self, owner: dict[str, str], number: str) -> None:
        """Remove a stall."""
        stall = self.found(owner, number)
        if "busy" in self.manners and self.shown(stall)["state"] != "open":
            raise Declined(423, "busy", "That stall is being built.", later=1)
        stall.gone = time.monotonic()

    def shown(self, stall: Stall) -> dict[str, str]:
        """Show a stall."""
        built = time.monotonic() - stall.asked > BUILDING and "stuck" not in self.broken
        return {"id": stall.id, "name": stall.name, "state": "open" if built else "building"}

    def listed(self, owner: dict[str, str]) -> list[dict[str, str]]:
        """List somebody's stalls."""
        found = [self.shown(stall) for stall in self.stalls if stall.owner == owner["id"] and self.there(stall, late=True)]
        return found[:-1] if "list" in self.broken else found

    def stall(self, owner: dict[str, str], number: str) -> dict[str, str]:
        """Show one of somebody's stalls."""
        stall = self.found(owner, number)
        if not self.there(stall, late=True):
            raise Declined(404, "no_such_stall", "There is no such stall.")
        return self.shown(stall)

    def found(self, owner: dict[str, str], number: str) -> Stall:
        """Find one of somebody's stalls."""
        found = next((stall for stall in self.stalls if (stall.id, stall.owner) == (number, owner["id"])), None)
        if found is None or not (self.there(found, late=False) or self.there(found, late=True)):
            raise Declined(404, "no_such_stall", "There is no such stall.")
        return found

    def erase(self, number: str) -> None:
        """Erase an account and its stalls."""
        self.stalls = [stall for stall in self.stalls if stall.owner != number]
        self.people = {email: person for email, person in self.people.items() if person["id"] != number}


class Handler(BaseHTTPRequestHandler):
    """One request: JSON below /v2 and /staff, pages elsewhere."""

    server: Booth
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Read."""
        self.handle_it("GET")

    def do_POST(self) -> None:
        """Make."""
        self.handle_it("POST")

    def do_DELETE(self) -> None:
        """End."""
        self.handle_it("DELETE")

    def handle_it(self, method: str) -> None:
        """Answer, with a refusal where it is one."""
        at = urlsplit(self.path)
        self.query = {name: values[0] for name, values in parse_qs(at.query).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        programs = at.path.startswith(("/v2/", "/staff/", "/about"))
        try:
            self.programs(method, at.path, json.loads(body or "{}")) if programs else self.pages(method, at.path, parse_qs(body, keep_blank_values=True))
        except Declined as no:
            if programs:
                self.answer(
                    no.status, {"code": no.code, "message": no.message, "field": no.field, **no.more}, {"Retry-After": str(no.later)} if no.later else {}
                )
            else:
                form = {"/join": JOIN, "/enter": ENTER}.get(at.path, "")
                self.page(f'<p role=alert data-code="{no.code}">{html.escape(no.message)}</p>{form}', no.status)

    def programs(self, method: str, path: str, given: dict[str, str]) -> None:  # noqa: PLR0912 -- a table of what is answered
        """Answer a program."""
        booth, token = self.server, self.headers.get("Authorization", "").removeprefix("Bearer ")
        if path.startswith("/staff/") and token != STAFF:
            raise Declined(403, "staff_only", "Staff only.")
        match method, path.split("/")[1:]:
            case "GET", ["about"]:
                self.answer(200, {"product": "Booth", "version": "7"})
            case "POST", ["v2", "people"]:
                self.answer(201, {"id": booth.join(given["name"], given["email"], given["password"])["id"]})
            case "POST", ["v2", "logins"]:
                self.answer(201, {"token": booth.enter(given["email"], given["password"])})
            case "DELETE", ["v2", "logins"]:
                booth.leave(token)
                self.answer(204, None)
            case "GET", ["v2", "self"]:
                self.answer(200, {key: value for key, value in booth.person(token).items() if key != "password"})
            case "POST", ["v2", "stalls"]:
                self.answer(202, booth.open(booth.person(token), given["name"]))
            case "GET", ["v2", "stalls"]:
                self.answer(200, {"items": booth.listed(booth.person(token))})
            case "GET", ["v2", "stalls", number]:
                self.answer(200, booth.stall(booth.person(token), number))
            case "DELETE", ["v2", "stalls", number]:
                booth.remove(booth.person(token), number)
                self.answer(204, None)
            case "GET", ["v2", "plan"]:
                self.answer(200, {"limit": PLAN, "used": booth.counted(booth.person(token), late=True)})
            case "GET", ["staff", "people"]:
                person = booth.people.get(self.query["email"])
                self.answer(200, {"id": person["id"]}) if person else self.answer(404, {"code": "nobody"})
            case "DELETE", ["staff", "people", number]:
                booth.erase(number)
                self.answer(204, None)
            case _:
                raise Declined(404, "nothing", "Nothing is here.")

    def pages(self, method: str, path: str, form: dict[str, list[str]]) -> None:
        """Answer a person."""
        booth = self.server
        given = {name: values[0] for name, values in form.items()}
        cookie = SimpleCookie(self.headers.get("Cookie", "")).get("booth")
        token = cookie.value if cookie else ""
        match method, path.split("/")[1:]:
            case "GET", ["join"]:
                self.page(JOIN)
            case "POST", ["join"]:
                booth.join(given["name"], given["email"], given["password"])
                self.lead("/enter")
            case "GET", ["enter"]:
                self.page(ENTER)
            case "POST", ["enter"]:
                self.lead("/", f"booth={booth.enter(given['email'], given['password'])}; HttpOnly; Path=/")
            case _, _ if booth.sessions.get(token) not in booth.people:
                self.lead("/enter")
            case "POST", ["leave"]:
                booth.leave(token)
                self.lead("/enter", "booth=; Max-Age=0; Path=/")
            case "GET", [""]:
                me = booth.person(token)
                self.page(HOME.format(**me, stalls="".join(STALL.format(**each) for each in booth.listed(me))))
            case "POST", ["stalls"]:
                self.lead(f"/stalls/{booth.open(booth.person(token), given['name'])['id']}")
            case "GET", ["stalls", number]:
                self.page(STALL.format(**booth.stall(booth.person(token), number)))
            case _:
                raise Declined(404, "nothing", "Nothing is here.")

    def page(self, inner: str, status: int = 200) -> None:
        """Answer with a page."""
        self.send(status, "text/html; charset=utf-8", FRAME.format(inner).encode(), {})

    def lead(self, where: str, cookie: str = "") -> None:
        """Lead to another page."""
        self.send(303, "text/plain", b"", {"Location": where} | ({"Set-Cookie": cookie} if cookie else {}))

    def answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        """Answer with JSON."""
        self.send(status, "application/json", b"" if body is None else json.dumps(body).encode(), headers or {})

    def send(self, status: int, kind: str, body: bytes, headers: dict[str, str]) -> None:
        """Answer."""
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), "X-Request-Id": secrets.token_hex(4), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@contextmanager
def serving() -> Iterator[Booth]:
    """Serve until the block ends."""
    with Booth() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
