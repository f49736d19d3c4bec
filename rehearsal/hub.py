"""A JupyterHub that runs on this machine, as a rehearsal reaches it: its processes, its files, and people at it by plain requests.

It is found by the port of its address: the proxy that listens there is the child of the hub, whose environment says the rest (`products/jupyterhub/serve.py`).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from rehearsal.ground import GroundTrouble
from rehearsal.probe import Probe, ok, until

PROXY, SINK, SERVER = "configurable-http-proxy", "fixtures.mailbox.sink", "jupyterhub-singleuser"
"""Words by which their command lines are known."""
ADDRESS = "JUPYTERHUB_USER"
"""The variable that tells a server whose it is."""
STARTED = 60.0
"""Seconds for a server's start: it takes some three, and the hub gives up one that does not answer after thirty."""


@dataclass(frozen=True)
class Process:
    """A process of this machine (Linux): its id, its parent's, its command line and its environment."""

    id: int
    parent: int
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)

    def given(self, option: str) -> str | None:
        """Return what follows an option on its command line."""
        return next((value for name, value in pairwise(self.command) if name == option), None)


def processes(word: str) -> Iterator[Process]:
    """Yield the processes whose command line has a word that ends with this one; those of others are passed over."""
    for place in Path("/proc").iterdir():
        if not place.name.isdigit():
            continue
        try:
            command = tuple((place / "cmdline").read_bytes().decode(errors="replace").rstrip("\0").split("\0"))
            if not any(each.endswith(word) for each in command):
                continue
            environment = (place / "environ").read_bytes().decode(errors="replace").split("\0")
            parent = int(re.findall(r"^PPid:\s+(\d+)$", (place / "status").read_text(), re.MULTILINE)[0])
        except (FileNotFoundError, ProcessLookupError, PermissionError, IndexError):  # it has just ended, or is somebody else's
            continue
        yield Process(int(place.name), parent, command, dict(each.split("=", 1) for each in environment if "=" in each))


@dataclass(frozen=True)
class Hub:
    """`proxy` is what listens at its address, `id` the hub itself, `sink` the mail server that was started with it; `inner` is where the hub itself listens."""

    id: int
    proxy: int
    sink: Process | None
    data: Path
    inner: str
    mail: tuple[str, int]

    @classmethod
    def at(cls, url: str) -> Hub:
        """Find the hub behind an address.

        Raises:
            GroundTrouble: no process of this machine listens there as a hub's proxy.
        """
        port = str(urlsplit(url).port or 80)
        proxy = next((each for each in processes(PROXY) if each.given("--port") == port), None)
        hub = next((each for each in processes("jupyterhub") if proxy and each.id == proxy.parent), None)
        if proxy is None or hub is None:
            msg = f"no JupyterHub of this machine serves {url}: faults around it can be had with that of `make jupyterhub` only"
            raise GroundTrouble(msg)
        said = hub.environment
        return cls(
            id=hub.id,
            proxy=proxy.id,
            sink=next((each for each in processes(SINK) if each.given("--parent") == str(hub.parent)), None),
            data=Path(said["HUB_DATA"]),
            inner=f"http://127.0.0.1:{said['HUB_INNER_PORT']}",
            mail=(said["HUB_SMTP_HOST"], int(said["HUB_SMTP_PORT"])),
        )

    @property
    def database(self) -> Path:
        """Its SQLite file."""
        return self.data / "hub.sqlite"

    def servers(self, domain: str) -> list[int]:
        """Return the ids of the processes that run servers of people of a mail domain."""
        return [each.id for each in processes(SERVER) if each.environment.get(ADDRESS, "").endswith(f"@{domain}")]


def api(name: str, *more: str) -> str:
    """Return the path of a user in the hub's API, or of something of theirs."""
    return "/".join(("/hub/api/users", quote(name, safe="@"), *more))


def sign_up(probe: Probe, address: str) -> httpx.Response:
    """Send the sign-up form of a hub, and return the answer."""
    http, password = probe.client(), f"Probe{secrets.token_hex(8)}"
    ok(http.get("/hub/signup"), 200)
    form = {"username": address, "email": address, "signup_password": password, "signup_password_confirmation": password}
    token = next((each.value or "" for each in http.cookies.jar if each.name == "_xsrf"), "")
    return http.post("/hub/signup", data={**form, "_xsrf": token})


@contextmanager
def user(probe: Probe) -> Iterator[str]:
    """Have the operator make a user for a while; yields the name. What is on the wire may keep the oracle from looking, and not from leaving nothing behind.

    Raises:
        ProbeTrouble: the hub did not make one, or did not take it away again.
    """
    with replace(probe, proxy=None, _open=[]) as direct:
        name = probe.address()
        ok(direct.operator().post(api(name)), 201)
        try:
            yield name
        finally:
            erase(direct, name)


def erase(probe: Probe, name: str) -> None:
    """Remove a user, their servers first. One who signed up and never logged in is no user yet, and is made one.

    Raises:
        ProbeTrouble: the hub refused.
    """
    http = probe.operator()
    if http.get(api(name)).status_code == 404:  # noqa: PLR2004 -- HTTP not found
        ok(http.post(api(name)), 201, 409)
    for server in servers(http, name):
        http.request("DELETE", api(name, "servers", server), json={"remove": True})
    until(lambda: all(each["stopped"] for each in servers(http, name).values()), STARTED)
    ok(http.delete(api(name)), 204, 404)


def servers(http: httpx.Client, name: str) -> dict[str, Any]:
    """Return a user's servers by name; a failed and a stopped one is among them."""
    answer = http.get(api(name), params={"include_stopped_servers": "1"})
    return dict(answer.json()["servers"]) if answer.status_code == 200 else {}  # noqa: PLR2004 -- HTTP OK
