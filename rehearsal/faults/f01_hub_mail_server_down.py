"""F01 on a JupyterHub: the mail server that it was given is down. The hub says that it is well, and nobody new gets in."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rehearsal import hub
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.ground import ROOT, GroundTrouble
from rehearsal.hub import Hub
from rehearsal.probe import Probe, until

if TYPE_CHECKING:
    from rehearsal.drill import Drill

LATE = 3.0
"""Seconds after which a mail counts as not sent; it takes a fraction of one."""


@contextmanager
def down(drill: Drill) -> Iterator[None]:
    """End the mail server; mending is starting it again on its port. It goes on to end with the hub, as before."""
    found = Hub.at(drill.ground.url)
    if found.sink is None:
        msg = "the hub's mail server is not one that was started with it"
        raise GroundTrouble(msg)
    _, port = found.mail
    kept = [each for name in ("--folder", "--parent") for each in (name, found.sink.given(name) or "")]
    again = [sys.executable, "-m", "fixtures.mailbox.sink", "--port", str(port), *kept]
    with drill.dog.guard(drill.name, ["setsid", "--fork", *again], time.time() + drill.fault.expiry):
        os.kill(found.sink.id, signal.SIGTERM)
        try:
            yield
        finally:
            until(lambda: not listening(port))
            process = subprocess.Popen(again, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, start_new_session=True)
            assert process.stdout is not None
            said = process.stdout.readline()
            if not said.startswith("ready "):
                msg = f"the hub's mail server did not start again: it said {said!r}"
                raise GroundTrouble(msg)


def listening(port: int) -> bool:
    """Tell whether anybody takes connections at a port of this machine."""
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def unsent(probe: Probe) -> str:
    """Sign up, and look into the folder of the mail server."""
    address = probe.address()
    try:
        answered = hub.sign_up(probe, address).status_code
        if probe.letters(address, patience=LATE):
            return ""
    finally:
        hub.erase(probe, address)
    return f"no mail within {LATE:g} s of a sign-up, which was answered by {answered}"


FAULT = Fault(
    id="F01-hub",
    title="The hub's mail server is down: health is green, and nobody new gets in.",
    layer=Layer.ENVIRONMENT,
    journey="signup",
    risk="mail-does-not-arrive",
    expects=Expected("signup.verification-mail", "identity", "critical"),
    permits=("signup.*",),
    silent=True,
    act=down,
    oracle=unsent,
    confined=False,
    exclusive=True,
    products=("jupyterhub",),
)
