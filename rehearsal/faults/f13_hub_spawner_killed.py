"""F13 on a JupyterHub: whatever the spawner starts is killed at once. The hub is well; no customer's server ever is."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from rehearsal import hub
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.hub import Hub
from rehearsal.probe import Probe, ProbeTrouble, ok, until

if TYPE_CHECKING:
    from rehearsal.drill import Drill

OFTEN = 0.2
"""Seconds between two looks for what was started: a server takes longer to be ready."""


@contextmanager
def killing(drill: Drill) -> Iterator[None]:
    """Kill (SIGKILL) each server of the drill's people as it appears. Whoever kills ends with the rehearsal, however that ends."""
    found, over = Hub.at(drill.ground.url), threading.Event()

    def kill() -> None:
        while not over.wait(OFTEN):
            for server in found.servers(drill.scope):
                with suppress(ProcessLookupError):
                    os.kill(server, signal.SIGKILL)

    thread = threading.Thread(target=kill, name=f"{drill.name}-kills", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def never_ready(probe: Probe) -> str:
    """Have the operator start a server for somebody, and wait until it is ready or has failed."""
    with hub.user(probe) as name:
        http = probe.operator()
        ok(http.post(hub.api(name, "servers", "probe")), 201, 202)
        seen = {"ready": False, "pending": "spawn"}

        def ended() -> bool:
            seen.update(hub.servers(http, name).get("probe", {"pending": None}))
            return bool(seen["ready"]) or not seen["pending"]

        if not until(ended, hub.STARTED):
            msg = f"a server is still starting after {hub.STARTED:g} s"
            raise ProbeTrouble(msg)
    return "" if seen["ready"] else "a server that was asked for died before it was ready"


FAULT = Fault(
    id="F13-hub",
    title="Whatever the hub's spawner starts is killed at once: no customer's server gets ready.",
    layer=Layer.ENVIRONMENT,
    journey="provisioning",
    risk="provisioning-stuck",
    expects=Expected("provisioning.ready-and-used", "platform", "critical"),
    permits=("provisioning.*",),
    only=("provisioning.ready-and-used", "provisioning.states-forward"),
    silent=True,
    act=killing,
    oracle=never_ready,
    products=("jupyterhub",),
)
