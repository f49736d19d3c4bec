"""F40, around the product: its process is frozen, killed, or cannot write."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.ground import ROOT
from rehearsal.probe import Probe

if TYPE_CHECKING:
    from rehearsal.drill import Drill

ANSWERS = 3.0
"""Seconds within which a product that is well answers; it takes some milliseconds."""
FULL = 4096
"""Bytes beyond which nothing can be written to a file: SQLite's first page."""


@contextmanager
def frozen(drill: Drill) -> Iterator[None]:
    """Stop the server's process (SIGSTOP). Connections are taken by the kernel, and nobody answers."""
    server = drill.ground.process("serve")
    with drill.dog.guard(drill.name, ["kill", "-CONT", str(server)], time.time() + drill.fault.expiry):
        os.kill(server, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(server, signal.SIGCONT)


@contextmanager
def killed(drill: Drill) -> Iterator[None]:
    """Kill the server's process (SIGKILL); mending is starting it again, as it was."""
    server = Path("/proc") / str(drill.ground.process("serve"))
    command = (server / "cmdline").read_bytes().decode().rstrip("\0").split("\0")
    environment = dict(each.split("=", 1) for each in (server / "environ").read_bytes().decode().split("\0") if "=" in each)
    os.kill(int(server.name), signal.SIGKILL)
    try:
        yield
    finally:
        with (drill.ground.folder / "cloudsuite.log").open("ab") as log:
            again = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        drill.ground.leave(again)


@contextmanager
def full(drill: Drill) -> Iterator[None]:
    """Let no process of the product write beyond the first page of any file, as on a disk that is full."""
    ids = [drill.ground.process("serve"), drill.ground.process("worker")]
    before = [resource.prlimit(each, resource.RLIMIT_FSIZE) for each in ids]
    for each, (_, most) in zip(ids, before, strict=True):
        resource.prlimit(each, resource.RLIMIT_FSIZE, (FULL, most))
    try:
        yield
    finally:
        for each, limits in zip(ids, before, strict=True):
            resource.prlimit(each, resource.RLIMIT_FSIZE, limits)


def unanswered(probe: Probe) -> str:
    """Ask who is there."""
    try:
        answer = probe.client().get("/version", timeout=ANSWERS)
    except httpx.TransportError as trouble:
        return f"nobody answers at {probe.url}/version within {ANSWERS:g} s: {type(trouble).__name__}"
    return "" if answer.is_success else f"{probe.url}/version answers {answer.status_code}"


def unwritable(probe: Probe) -> str:
    """Read, then write."""
    http = probe.client()
    read = http.get("/version").status_code
    asked = {"name": "Probe", "email": probe.address(), "password": "Probe12345678"}
    written = http.post("/api/v1/accounts", json=asked).status_code
    return f"reading is answered by {read}, writing by {written}" if written >= 500 else ""


DOWN = Expected("target.unreachable", "operators", "critical")
FEW = ("signup.first-workspace", "signup.log-out", "signup.password-reset", "signup.verification-mail")
"""Whatever is tried meets a product that is not there."""

FAULTS = (
    Fault(
        id="F40-frozen",
        title="The product's process is frozen: connections are taken, and nobody answers.",
        layer=Layer.ENVIRONMENT,
        journey="signup",
        risk="target-down",
        expects=DOWN,
        only=FEW,
        act=frozen,
        oracle=unanswered,
        confined=False,
        exclusive=True,
        runs=2,
    ),
    Fault(
        id="F40-killed",
        title="The product's process is gone.",
        layer=Layer.ENVIRONMENT,
        journey="signup",
        risk="target-down",
        expects=DOWN,
        only=FEW,
        act=killed,
        oracle=unanswered,
        confined=False,
        exclusive=True,
        runs=2,
    ),
    Fault(
        id="F40-disk",
        title="The product's disk is full: pages are shown, and nothing can be written.",
        layer=Layer.ENVIRONMENT,
        journey="signup",
        risk="target-down",
        expects=DOWN,
        silent=True,
        act=full,
        oracle=unwritable,
        confined=False,
        exclusive=True,
        whole=True,
    ),
)
