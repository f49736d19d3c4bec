"""Proxies as processes, in mitmproxy's own environment: ``python -m rehearsal.wire.process``; `rehearsal.wire.proxy` starts it.

Mitmproxy is loaded once. Standard input is a socket that takes a message for each proxy that is asked for: its settings as JSON, and a socket of its own beside
them. A process is forked for it, which says ``ready http://127.0.0.1:PORT PID`` on that socket once it listens, and ends when the socket does: with whoever
asked, however that one ended. The key of its authority lives in a folder that nobody else can read, and that goes with it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from mitmproxy import options  # type: ignore[import-not-found]  # it lives in an environment of its own
from mitmproxy.addons import core, disable_h2c, errorcheck, next_layer, proxyserver, tlsconfig  # type: ignore[import-not-found]
from mitmproxy.master import Master  # type: ignore[import-not-found]

from rehearsal.board import Board
from rehearsal.wire.addon import Faults

LARGEST = "6m"
"""Above this a body streams through untouched: a hostile target does not fill our memory."""


@dataclass(frozen=True)
class Asked:
    """A proxy that is asked for, all by path.

    `board` has its switches, `log` gets each exchange that was touched, `ca` whom to trust behind it, `complaints` what goes wrong; `upstream_ca` is whom it
    trusts in place of the public authorities.
    """

    board: str
    log: str
    ca: str
    complaints: str
    upstream_ca: str | None = None


def main() -> None:
    """Fork a proxy for each message, until standard input ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them here
    asking = socket.socket(fileno=0)
    print("loaded", flush=True)
    while True:
        message, files, _, _ = socket.recv_fds(asking, 65536, 1)
        if not message:
            asking.detach()
            return
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            asking.detach()
            become(Asked(**json.loads(message)), files[0])
        os.close(files[0])


def become(asked: Asked, told: int) -> None:
    """Be a proxy, until its own socket ends."""
    for each in (0, 1):
        os.dup2(told, each)
    os.close(told)
    complaints = os.open(asked.complaints, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.dup2(complaints, 2)
    os.close(complaints)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    private = Path(tempfile.mkdtemp(prefix="wire-"))
    threading.Thread(target=_leash, args=(private,), daemon=True).start()
    asyncio.run(_serve(asked, private))


def _leash(private: Path) -> None:
    """End at once when whoever asked for this is gone, or says so."""
    while os.read(0, 1024):
        pass
    shutil.rmtree(private, ignore_errors=True)
    os._exit(0)


async def _serve(asked: Asked, private: Path) -> None:
    upstream = {"ssl_verify_upstream_trusted_ca": asked.upstream_ca} if asked.upstream_ca else {}
    master = Master(options.Options(listen_host="127.0.0.1", listen_port=0, confdir=str(private), **upstream))
    server = proxyserver.Proxyserver()
    master.addons.add(core.Core(), disable_h2c.DisableH2C(), server, next_layer.NextLayer(), tlsconfig.TlsConfig(), errorcheck.ErrorCheck())
    master.addons.add(Faults(Board(Path(asked.board)), Path(asked.log)), Announce(server, asked, private))
    master.options.update(stream_large_bodies=LARGEST)
    await master.run()


class Announce:
    """Writes whom to trust, and then says where the proxy is."""

    def __init__(self, server: proxyserver.Proxyserver, asked: Asked, private: Path) -> None:
        self._server, self._asked, self._private = server, asked, private

    def running(self) -> None:
        """Say so."""
        trusted = [self._private / "mitmproxy-ca-cert.pem", *([Path(self._asked.upstream_ca)] if self._asked.upstream_ca else [])]
        Path(self._asked.ca).write_text("\n".join(each.read_text(encoding="ascii").strip() for each in trusted) + "\n", encoding="ascii")
        host, port, *_ = self._server.listen_addrs()[0]
        print(f"ready http://{host}:{port} {os.getpid()}", flush=True)


if __name__ == "__main__":
    main()
