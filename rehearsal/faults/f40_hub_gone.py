"""F40 around a JupyterHub: its proxy is frozen, or its database is locked. Both times the hub itself says that it is well."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import httpx

from rehearsal import hub
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.hub import Hub
from rehearsal.probe import Probe

if TYPE_CHECKING:
    from rehearsal.drill import Drill

ANSWERS = 3.0
"""Seconds within which a hub that is well answers; it takes some milliseconds."""
SERVER_ERROR = 500


@contextmanager
def frozen(drill: Drill) -> Iterator[None]:
    """Stop the proxy's process (SIGSTOP). The hub behind it goes on, and is asked for its health where it listens itself."""
    found = Hub.at(drill.ground.url)
    drill.facts["health"] = f"{found.inner}/hub/health"
    with drill.dog.guard(drill.name, ["kill", "-CONT", str(found.proxy)], time.time() + drill.fault.expiry):
        os.kill(found.proxy, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(found.proxy, signal.SIGCONT)


@contextmanager
def locked(drill: Drill) -> Iterator[None]:
    """Hold the database's one lock for writing, as a backup that hangs does; reading goes on. It is let go with this process, however that ends."""
    with closing(sqlite3.connect(Hub.at(drill.ground.url).database, isolation_level=None, check_same_thread=False, timeout=30.0)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        yield


def unanswered(probe: Probe) -> str:
    """Ask for the page at which people log in."""
    try:
        answer = probe.client().get("/hub/login", timeout=ANSWERS)
    except httpx.TransportError as trouble:
        return f"nobody answers at {probe.url}/hub/login within {ANSWERS:g} s: {type(trouble).__name__}"
    return "" if answer.is_success else f"{probe.url}/hub/login answers {answer.status_code}"


def unwritable(probe: Probe) -> str:
    """Read as the operator, then have a user made, and taken away again."""
    http, name = probe.operator(), probe.address()
    read = http.get("/hub/api/users").status_code
    written = http.post(hub.api(name)).status_code
    if written < SERVER_ERROR:
        hub.erase(probe, name)
    return f"reading is answered by {read}, writing by {written}" if written >= SERVER_ERROR else ""


DOWN = Expected("target.unreachable", "operators", "critical")
FAULTS = (
    Fault(
        id="F40-hub-proxy",
        title="The hub's proxy is frozen: the hub is well, connections are taken, and nobody answers.",
        layer=Layer.ENVIRONMENT,
        journey="signup",
        risk="target-down",
        expects=DOWN,
        silent=True,
        act=frozen,
        oracle=unanswered,
        confined=False,
        exclusive=True,
        only=("signup.first-workspace",),
        runs=2,
        products=("jupyterhub",),
    ),
    Fault(
        id="F40-hub-database",
        title="The hub's database is locked: health is green, pages are shown, and nothing can be written.",
        layer=Layer.ENVIRONMENT,
        journey="signup",
        risk="nobody-can-start",
        expects=Expected("signup.first-workspace", "growth", "critical"),
        permits=("signup.verification-mail", "signup.[*]"),
        silent=True,
        act=locked,
        oracle=unwritable,
        confined=False,
        exclusive=True,
        only=("signup.first-workspace", "signup.verification-mail"),
        expiry=600.0,
        products=("jupyterhub",),
    ),
)
