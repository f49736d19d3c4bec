"""The wire's proxy for whoever rehearses: started, told where it is and whom to trust behind it, asked what it touched, and ended."""

from __future__ import annotations

import json
import os
import select
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rehearsal.wire.installation import ROOT, installed

READY_WITHIN = 40.0
"""Seconds until it must listen; it takes about one, and several on a machine that is busy."""
GRACE = 3.0
"""Seconds that it gets to end by itself."""
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR")


class WireFailed(Exception):  # noqa: N818 -- named for what happened
    """The proxy did not come up; the message holds the end of what it said."""


@dataclass(frozen=True)
class Wire:
    """A proxy that listens. `address` is its URL, `ca` the authorities to trust behind it (PEM: its own, and the target's), `log` what it touched."""

    address: str
    ca: Path
    log: Path
    pid: int

    def touched(self, drill: str | None = None) -> list[dict[str, Any]]:
        """Return what was touched, of one drill or of all: at, drill, fault, rule, do, method, host, path, status, run, trace; or `trouble`, for a bad rule."""
        if not self.log.exists():
            return []
        whole = self.log.read_text(encoding="utf-8").rpartition("\n")[0]
        records = [json.loads(line) for line in whole.splitlines()]
        return [record for record in records if drill is None or record["drill"] == drill]


@contextmanager
def proxy(folder: Path, board: Path, upstream_ca: Path | None = None) -> Iterator[Wire]:
    """Run the proxy until the block ends, or this process does. It installs mitmproxy at first use.

    `folder` gets ca.pem, touched.jsonl and proxy.log; `board` is the folder of switches. The proxy verifies targets by
    `upstream_ca` alone, or else by the public authorities.

    Raises:
        InstallationFailed: there is no mitmproxy, and it could not be installed.
        WireFailed: it did not listen in time.
    """
    python = installed()
    folder.mkdir(parents=True, exist_ok=True)
    ca, log, complaints = folder / "ca.pem", folder / "touched.jsonl", folder / "proxy.log"
    command = [str(python), "-m", "rehearsal.wire.process", "--board", str(board.absolute()), "--log", str(log.absolute()), "--ca", str(ca.absolute())]
    if upstream_ca:
        command += ["--upstream-ca", str(upstream_ca.absolute())]
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    with complaints.open("ab") as output:
        # In a session of its own: a Ctrl-C of the terminal ends the rehearsal, which then ends the proxy.
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=output, start_new_session=True)
    try:
        yield Wire(address=_ready(process, complaints), ca=ca, log=log, pid=process.pid)
    finally:
        _end(process)


def _ready(process: subprocess.Popen[bytes], complaints: Path) -> str:
    assert process.stdout is not None
    said, deadline = b"", time.monotonic() + READY_WITHIN
    while not said.endswith(b"\n"):
        heard, _, _ = select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))
        more = os.read(process.stdout.fileno(), 4096) if heard else b""
        if not more:
            ending = complaints.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
            raise WireFailed(f"the proxy should say `ready` within {READY_WITHIN:.0f} s, and said {said!r}. {complaints} ends:\n  " + "\n  ".join(ending))
        said += more
    return said.decode().strip().removeprefix("ready ")


def _end(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()
