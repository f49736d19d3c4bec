"""`python -m products.cloudsuite.app serve|worker`: every setting is an option or a CLOUDSUITE_* variable."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
from dataclasses import fields
from types import FrameType

import uvicorn

from products.cloudsuite.app import settings as settings_reader
from products.cloudsuite.app import worker
from products.cloudsuite.app.settings import BadSettings, Settings
from products.cloudsuite.app.telemetry import log_to_stderr
from products.cloudsuite.app.web import create_app

GRACEFUL = 1
"""Seconds that open requests and the worker's turn get to end."""


class Server(uvicorn.Server):
    """Says on stdout when it answers."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets=sockets)
        if self.started:
            scheme = "https" if self.config.is_ssl else "http"
            print(f"ready {scheme}://{self.config.host}:{self.config.port}", flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Read the settings, then serve or work. Exit status 2 on bad settings."""
    parser = argparse.ArgumentParser(prog="cloudsuite", description=__doc__)
    parser.add_argument("command", choices=("serve", "worker"))
    parser.add_argument("--parent", type=int, help="worker: end when this process is gone")
    for field in fields(Settings):
        parser.add_argument(f"--{field.name.replace('_', '-')}")
    options = vars(parser.parse_args(arguments))
    try:
        settings = settings_reader.read(os.environ, options)
    except BadSettings as error:
        print(f"cloudsuite: {error}", file=sys.stderr)
        return 2
    if options["command"] == "worker":
        worker.run(settings, options["parent"])
    else:
        serve(settings)
    return 0


def serve(settings: Settings) -> None:
    """Answer requests until a signal comes, with the worker as a child process."""
    log_to_stderr()
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        ssl_certfile=settings.certificate,
        ssl_keyfile=settings.key,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACEFUL,
    )
    command = [sys.executable, "-m", __package__, "worker", "--parent", str(os.getpid())]
    child = subprocess.Popen(command, env=os.environ | settings.environment())
    try:
        Server(config).run()
    finally:
        child.terminate()
        try:
            child.wait(GRACEFUL)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(main())
