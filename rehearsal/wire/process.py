"""The proxy as a process, in mitmproxy's own environment: ``python -m rehearsal.wire.process``; `rehearsal.wire.proxy` starts it.

It says ``ready http://127.0.0.1:PORT`` once it listens, and ends when its standard input does: with whoever started it, however that one ended. The key of its
authority lives in a folder that nobody else can read, and that goes with it.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import shutil
import sys
import tempfile
import threading
from pathlib import Path

from mitmproxy import options  # type: ignore[import-not-found]  # it lives in an environment of its own
from mitmproxy.addons import core, disable_h2c, errorcheck, next_layer, proxyserver, tlsconfig  # type: ignore[import-not-found]
from mitmproxy.master import Master  # type: ignore[import-not-found]

from rehearsal.board import Board
from rehearsal.wire.addon import Faults

LARGEST = "6m"
"""Above this a body streams through untouched: a hostile target does not fill our memory."""


def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--board", type=Path, required=True, help="folder of the switches")
    parser.add_argument("--log", type=Path, required=True, help="file to which each exchange that was touched is added")
    parser.add_argument("--ca", type=Path, required=True, help="file that is written: whom to trust behind this proxy")
    parser.add_argument("--upstream-ca", type=Path, help="whom this proxy trusts, in place of the public authorities")
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    private = Path(tempfile.mkdtemp(prefix="wire-"))
    threading.Thread(target=_leash, args=(private,), daemon=True).start()
    asyncio.run(_serve(chosen, private))


def _leash(private: Path) -> None:
    """End at once when whoever started this is gone, or says so."""
    while os.read(0, 1024):
        pass
    shutil.rmtree(private, ignore_errors=True)
    os._exit(0)


async def _serve(chosen: argparse.Namespace, private: Path) -> None:
    upstream = {"ssl_verify_upstream_trusted_ca": str(chosen.upstream_ca)} if chosen.upstream_ca else {}
    master = Master(options.Options(listen_host="127.0.0.1", listen_port=0, confdir=str(private), **upstream))
    server = proxyserver.Proxyserver()
    master.addons.add(core.Core(), disable_h2c.DisableH2C(), server, next_layer.NextLayer(), tlsconfig.TlsConfig(), errorcheck.ErrorCheck())
    master.addons.add(Faults(Board(chosen.board), chosen.log), Announce(server, chosen, private))
    master.options.update(stream_large_bodies=LARGEST)
    await master.run()


class Announce:
    """Writes whom to trust, and then says where the proxy is."""

    def __init__(self, server: proxyserver.Proxyserver, chosen: argparse.Namespace, private: Path) -> None:
        self._server, self._chosen, self._private = server, chosen, private

    def running(self) -> None:
        """Say so."""
        trusted = [self._private / "mitmproxy-ca-cert.pem", *([self._chosen.upstream_ca] if self._chosen.upstream_ca else [])]
        self._chosen.ca.write_text("\n".join(each.read_text(encoding="ascii").strip() for each in trusted) + "\n", encoding="ascii")
        host, port, *_ = self._server.listen_addrs()[0]
        print(f"ready http://{host}:{port}", flush=True)


if __name__ == "__main__":
    main()
