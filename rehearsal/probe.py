"""A probe: a person of its own who looks at the product by plain requests. Oracles stand on it, and on nothing of the suite's scenarios or drivers.

Written for Cloud Suite's API; what only sends requests (`get`, `send`) works on any target.
"""

from __future__ import annotations

import email
import email.policy
import itertools
import re
import secrets
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx

PATIENCE = 8.0
"""Seconds for which a probe waits for what the product does by and by: mail, provisioning."""
TIMEOUT = 10.0
"""Seconds for one request."""
LOOK = 0.05
"""Seconds between two looks."""

_number = itertools.count(1)


class ProbeTrouble(Exception):  # noqa: N818 -- says what it is
    """The probe could not get to the point at which it would look. The oracle then sees neither the fault nor its absence."""


@dataclass
class Probe:
    """Who looks, and from where.

    `url` is the target's address, `ca` the file of the authority that vouches for it, `secrets` the target's; `mail` the folder in which mail arrives,
    `domain` the mail domain of the people that it makes up; `proxy` the proxy on the wire, where there is one. `facts` are what a fault's `act` told of
    what it broke.
    """

    url: str
    ca: Path | None
    secrets: dict[str, str] = field(repr=False)
    mail: Path | None
    domain: str
    proxy: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    _open: list[httpx.Client] = field(default_factory=list, repr=False)

    def client(self, **headers: str) -> httpx.Client:
        """Return a client with a cookie jar of its own. Redirects are not followed."""
        trust = ssl.create_default_context(cafile=str(self.ca) if self.ca else None)
        marks = {"User-Agent": "synthetics-rehearsal/0.1 (user_agent.synthetic.type=test)", "X-Synthetic": "rehearsal", **headers}
        made = httpx.Client(base_url=self.url, verify=trust, proxy=self.proxy, headers=marks, timeout=TIMEOUT, trust_env=False)
        self._open.append(made)
        return made

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask for a page as a stranger."""
        return self.client(**headers).get(path)

    def operator(self) -> httpx.Client:
        """Return a client with the operator's token."""
        return self.client(Authorization=f"Bearer {self.secrets['operator_token']}")

    def address(self, name: str = "probe") -> str:
        """Make up a mail address that nobody has."""
        return f"syn-{name}-{next(_number)}-{secrets.token_hex(4)}@{self.domain}"

    def person(self, name: str = "probe", invitation: str | None = None) -> Person:
        """Sign somebody up, confirm the address by the mailed link, and log in.

        Raises:
            ProbeTrouble: one of the steps did not work.
        """
        return Person.join(self, self.address(name), invitation)

    def remember(self, *people: Person, **what: str) -> None:
        """Keep whom a fault has caught, and what of theirs, for the look at what is left of it."""
        self.facts["caught"] = ([(each.email, each.password, each.workspace) for each in people], what)

    def caught(self) -> tuple[list[Person], dict[str, str]]:
        """Log those in again whom the fault has caught, in the order in which they were kept; nobody where it has caught nobody.

        Raises:
            ProbeTrouble: somebody cannot log in.
        """
        people, what = self.facts.get("caught", ([], {}))
        back = [Person.log_in(self, address, password) for address, password, _ in people]
        for person, (_, _, workspace) in zip(back, people, strict=True):
            person.workspace = workspace
        return back, what

    def stays_in(self) -> str:
        """Have the first whom the fault has caught remove the second from the workspace, and say whether it is open to them all the same."""
        people, _ = self.caught()
        return people[0].put_out(people[1]) if people else ""

    def counts_on(self) -> str:
        """Say whether what is shown to those whom the fault has caught still counts what takes no place."""
        people, _ = self.caught()
        return next((f"after the rollback, {said}" for person in people if (said := person.miscounted())), "")

    def is_given_more(self) -> str:
        """Say whether those who have more projects than their plan gives are given another. What they have, they keep."""
        people, _ = self.caught()
        return next(("over its limit already, a workspace was given another project" for person in people if person.ask_project().status_code == 202), "")

    def mailed_again(self, address: str) -> str:
        """Ask once more for the mail that confirms an address, and return the link in the newest one.

        Raises:
            ProbeTrouble: none came.
        """
        before = len(self.letters(address, 0))
        ok(self.client().post("/api/v1/accounts/verification", json={"email": address}), 202)
        return self.link(address, before + 1)

    def opens(self, token: str) -> bool:
        """Tell whether a session's or an API token lets anybody in."""
        return self.client(Authorization=f"Bearer {token}").get("/api/v1/me").is_success

    def letters(self, address: str, least: int = 1, patience: float = PATIENCE) -> list[str]:
        """Return the texts of what was mailed to an address, oldest first, once there are `least`, or after `patience` seconds."""
        found: list[str] = []
        if self.mail is None:
            msg = "the target's mail is in no folder that a probe could read"
            raise ProbeTrouble(msg)
        folder = self.mail

        def arrived() -> bool:
            found[:] = [_text(file) for file in sorted((folder / address.casefold()).glob("*.eml"))]
            return len(found) >= least

        until(arrived, patience)
        return found

    def link(self, address: str, number: int = 1, patience: float = PATIENCE) -> str:
        """Return the link in the number-th mail to an address.

        Raises:
            ProbeTrouble: it did not come, or has none.
        """
        letters = self.letters(address, number, patience)
        found = re.search(r"https?://\S+", letters[number - 1]) if len(letters) >= number else None
        if not found:
            msg = f"no mail {number} with a link came to {address} within {patience:g} s"
            raise ProbeTrouble(msg)
        return found[0]

    def close(self) -> None:
        """Close its connections."""
        while self._open:
            self._open.pop().close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclass
class Person:
    """Somebody who has signed up. `http` sends requests as they; `workspace` is the id of their first workspace."""

    probe: Probe
    email: str
    password: str
    token: str
    http: httpx.Client
    workspace: str

    @classmethod
    def join(cls, probe: Probe, address: str, invitation: str | None = None) -> Person:
        """Sign up, confirm, log in."""
        http, password = probe.client(), f"Probe{secrets.token_hex(8)}"
        asked = {"name": "Probe", "email": address, "password": password, "invitation": invitation}
        ok(http.post("/api/v1/accounts", json=asked), 201)
        token = probe.link(address).rpartition("token=")[2]
        ok(http.post("/api/v1/accounts/verify", json={"token": token}), 200)
        return cls.log_in(probe, address, password)

    @classmethod
    def log_in(cls, probe: Probe, address: str, password: str) -> Person:
        """Open a session."""
        opened = ok(probe.client().post("/api/v1/sessions", json={"email": address, "password": password}), 201).json()
        http = probe.client(Authorization=f"Bearer {opened['token']}")
        mine = ok(http.get("/api/v1/workspaces"), 200).json()["items"]
        return cls(probe, address, password, opened["token"], http, mine[0]["id"] if mine else "")

    def again(self) -> Person:
        """Log the same person in once more: another session."""
        return Person.log_in(self.probe, self.email, self.password)

    def ask_project(self, name: str = "", **wish: str) -> httpx.Response:
        """Ask for a project in their workspace, and return the answer."""
        body = {"name": name or f"syn-probe-{secrets.token_hex(4)}", "template": "website", "tier": "starter", "region": "eu-north", **wish}
        headers = {"Idempotency-Key": body.pop("key")} if "key" in body else {}
        return self.http.post(f"/api/v1/workspaces/{self.workspace}/projects", json=body, headers=headers)

    def project(self, name: str = "", **wish: str) -> str:
        """Get a project, wait until it is active, and return its id.

        Raises:
            ProbeTrouble: it was refused, or is not active within the patience.
        """
        found = str(ok(self.ask_project(name, **wish), 202).json()["id"])
        if not until(lambda: self.state(found) == "active"):
            msg = f"project {found} is {self.state(found)!r}, not active within {PATIENCE:g} s"
            raise ProbeTrouble(msg)
        return found

    def state(self, project: str) -> str:
        """Return a project's state; the status of the answer where it is not shown."""
        answer = self.http.get(f"/api/v1/projects/{project}")
        return str(answer.json()["state"]) if answer.is_success else str(answer.status_code)

    def projects(self) -> list[dict[str, Any]]:
        """Return the projects that the list shows."""
        return list(ok(self.http.get(f"/api/v1/workspaces/{self.workspace}/projects"), 200).json()["items"])

    def document(self, project: str, body: str = "text") -> str:
        """Write a document, and return its id."""
        asked = {"title": "probe", "body": body}
        return str(ok(self.http.post(f"/api/v1/projects/{project}/documents", json=asked), 201).json()["id"])

    def invite(self, address: str, role: str = "editor") -> str:
        """Invite an address into the workspace; returns the id of the invitation."""
        asked = {"email": address, "role": role}
        return str(ok(self.http.post(f"/api/v1/workspaces/{self.workspace}/invitations", json=asked), 201).json()["id"])

    def colleague(self, role: str = "editor") -> Person:
        """Bring a new person into this workspace: an account of their own, invited, and the invitation accepted."""
        other = self.probe.person("mate")
        self.invite(other.email, role)
        token = self.probe.link(other.email, 2).rpartition("token=")[2]
        ok(other.http.post("/api/v1/invitations/accept", json={"token": token}), 200)
        other.workspace = self.workspace
        return other

    def account(self, address: str) -> str:
        """Return the account id of somebody in this workspace; empty where there is nobody of that address."""
        members = ok(self.http.get(f"/api/v1/workspaces/{self.workspace}/members"), 200).json()["items"]
        return next((str(each["account_id"]) for each in members if each["email"] == address), "")

    def set_role(self, address: str, role: str) -> httpx.Response:
        """Give somebody in this workspace another role, and return the answer."""
        return self.http.patch(f"/api/v1/workspaces/{self.workspace}/members/{self.account(address)}", json={"role": role})

    def put_out(self, other: Person) -> str:
        """Remove somebody from this workspace, if they are in it, and say where it is still open to them."""
        if account := self.account(other.email):
            ok(self.http.delete(f"/api/v1/workspaces/{self.workspace}/members/{account}"), 204)
        answer = other.http.get(f"/api/v1/workspaces/{self.workspace}")
        return f"once they are removed, the workspace is shown to them with {answer.status_code}" if answer.is_success else ""

    def writes(self, project: str) -> httpx.Response:
        """Write a document into a project, and return the answer."""
        return self.http.post(f"/api/v1/projects/{project}/documents", json={"title": "probe", "body": "text"})

    def miscounted(self) -> str:
        """Say where the usage does not count the projects that take a place, as the list has them."""
        taking = sum(each["state"] not in {"failed", "cancelled"} for each in self.projects())
        used = self.usage()["projects"]["used"]
        return f"{used} projects count as used, where {taking} take a place" if used != taking else ""

    def bill(self, what: str, **said: str) -> httpx.Response:
        """Send something to this workspace's billing: ``card`` with a number, ``plan`` with a name, ``pay``; returns the answer."""
        path = f"/api/v1/workspaces/{self.workspace}/billing/{what}"
        return ok(self.http.put(path, json=said) if what == "card" else self.http.post(path, json=said or None), 200)

    def usage(self) -> dict[str, Any]:
        """Return what the product says that is used."""
        return dict(ok(self.http.get(f"/api/v1/workspaces/{self.workspace}/usage"), 200).json())


def ok(answer: httpx.Response, *allowed: int) -> httpx.Response:
    """Return an answer that has one of the allowed statuses.

    Raises:
        ProbeTrouble: it has another.
    """
    if answer.status_code not in allowed:
        msg = f"{answer.request.method} {answer.request.url.path} answered {answer.status_code}: {answer.text[:200]}"
        raise ProbeTrouble(msg)
    return answer


def until(true: Callable[[], bool], patience: float = PATIENCE) -> bool:
    """Look until something is true, for `patience` seconds at the most; tells whether it became so."""
    deadline, tick = time.monotonic() + patience, threading.Event()
    while not true():
        if time.monotonic() >= deadline:
            return False
        tick.wait(LOOK)
    return True


def look(oracle: Callable[[Probe], str], made: Callable[[], AbstractContextManager[Probe]]) -> tuple[str, str]:
    """Look once: what is wrong (nothing where all is well), and the trouble that kept the probe from telling."""
    with made() as probe:
        try:
            return oracle(probe), ""
        except (ProbeTrouble, httpx.HTTPError, OSError) as trouble:
            return "", f"{type(trouble).__name__}: {trouble}"


def _text(file: Path) -> str:
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    body = message.get_body(preferencelist=("plain",))
    return str(body.get_content()) if body else ""
