"""The wire's proxies for whoever rehearses: started, told where they are and whom to trust behind them, asked what they touched, and ended."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
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


@dataclass(frozen=True)
class Loaded:
    """A process that has loaded mitmproxy, and is forked for each proxy that is asked for; drills ask side by side."""

    asking: socket.socket

    def ask(self, **settings: str | None) -> socket.socket:
        """Ask for a proxy, and return the socket on which it speaks and with which it ends; see `rehearsal.wire.process.Asked`."""
        mine, its = socket.socketpair()
        with its:
            socket.send_fds(self.asking, [json.dumps(settings).encode()], [its.fileno()])
        return mine


@contextmanager
def loaded() -> Iterator[Loaded]:
    """Have mitmproxy loaded, for the proxies that begin before the block ends. It is installed at first use.

    Raises:
        InstallationFailed: there is no mitmproxy, and it could not be installed.
        WireFailed: it could not be loaded in time.
    """
    command = [str(installed()), "-m", "rehearsal.wire.process"]
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    mine, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with mine:
        with its:
            # In a session of its own: a Ctrl-C of the terminal ends the rehearsal, which then ends the proxies.
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdin=its.fileno(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
            )
        assert process.stdout is not None
        with process.stdout:
            try:
                said = _line(process.stdout.fileno())
                if said != "loaded":
                    raise WireFailed(f"{' '.join(command)} should say `loaded` within {READY_WITHIN:.0f} s, and said {said!r}")
                yield Loaded(mine)
            finally:
                mine.close()
                _end(process)


@contextmanager
def proxy(folder: Path, board: Path, upstream_ca: Path | None = None, forked_from: Loaded | None = None) -> Iterator[Wire]:
    """Run a proxy until the block ends, or this process does.

    `folder` gets ca.pem, touched.jsonl and proxy.log; `board` is the folder of switches. The proxy verifies targets by
    `upstream_ca` alone, or else by the public authorities.

    Raises:
        InstallationFailed: there is no mitmproxy, and it could not be installed.
        WireFailed: it did not listen in time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ca, log, complaints = (folder.absolute() / each for each in ("ca.pem", "touched.jsonl", "proxy.log"))
    with ExitStack() as stack:
        origin = forked_from or stack.enter_context(loaded())
        trusted = str(upstream_ca.absolute()) if upstream_ca else None
        with origin.ask(board=str(board.absolute()), log=str(log), ca=str(ca), complaints=str(complaints), upstream_ca=trusted) as spoken:
            said = _line(spoken.fileno()).split()
            if said[:1] != ["ready"]:
                ending = complaints.read_text(encoding="utf-8", errors="replace").splitlines()[-15:] if complaints.exists() else []
                raise WireFailed(f"the proxy should say `ready` within {READY_WITHIN:.0f} s, and said {said}. {complaints} ends:\n  " + "\n  ".join(ending))
            _, address, pid = said
            try:
                yield Wire(address, ca, log, int(pid))
            finally:
                spoken.shutdown(socket.SHUT_WR)
                if not select.select([spoken], [], [], GRACE)[0]:  # its end comes when it has ended
                    with suppress(ProcessLookupError):
                        os.kill(int(pid), signal.SIGKILL)


def _line(file: int) -> str:
    """Read a line, or what there was of it in time."""
    said, deadline = b"", time.monotonic() + READY_WITHIN
    while not said.endswith(b"\n") and select.select([file], [], [], max(0.0, deadline - time.monotonic()))[0]:
        more = os.read(file, 4096)
        if not more:
            break
        said += more
    return said.decode(errors="replace").strip()


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
