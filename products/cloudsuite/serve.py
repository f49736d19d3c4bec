"""Start the embedded product on loopback, under TLS of a throw-away authority, and take all of it away again.

    python -m products.cloudsuite.serve --port 8443

runs it for people, with a mail sink and a page that shows its mail. A CLOUDSUITE_* variable of the environment reaches
the product, except for what is decided here: its addresses, folder, certificate and operator token.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import selectors
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import NoReturn

import trustme

from flows.blame import SuiteFault
from products.wiring import Running

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
READY_WITHIN = 40.0
"""Seconds until a process must be ready. The product takes about one; a machine that is busy, several."""
GRACE = 3.0
"""Seconds that a process gets to end by itself."""
CERTIFIED = timedelta(days=90)
"""Life of the server's certificate; its authority's key never leaves this process."""
ATTEMPTS = 5
"""How often another free port is tried, when somebody took it in between."""
TAKEN = "address already in use"
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "PYTHONPATH")
SETTINGS = {"CLOUDSUITE_PROVISIONING_SECONDS": "0.6", "CLOUDSUITE_RATE_SIGNUPS_PER_MINUTE": "100000"}
"""What a run needs to be other than the product's own defaults: all of its people come from one address."""
BOUND = """
import ctypes, os, signal, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != int(sys.argv[1]):
        sys.exit("whoever started this is gone")
os.execv(sys.argv[2], sys.argv[2:])
"""
"""Becomes another program, which gets SIGTERM when the thread that started it ends, however it ends (Linux)."""


@contextmanager
def serving(
    folder: Path,
    smtp: tuple[str, int] | None,
    *,
    port: int = 0,
    settings: Mapping[str, str] | None = None,
    program: Sequence[str] = ("products.cloudsuite.app",),
    name: str | None = None,
) -> Iterator[Running]:
    """Run the product until the block ends. Its log and its authority's certificate stay in `folder` (cloudsuite.log, ca.pem); its data and keys do not.

    `smtp` is the host and port that takes its mail. `port` 0 takes a free one. `settings` are further CLOUDSUITE_* variables.
    `program` is the module that is run, with what it takes before its command. `name` is the host by which it calls itself.

    Raises:
        SuiteFault: it did not answer in time; the message holds the end of its log.
    """
    folder.mkdir(parents=True, exist_ok=True)
    token = secrets.token_urlsafe(32)
    with ExitStack() as stack:
        private = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cloudsuite-", ignore_cleanup_errors=True)))
        ca = _certify(folder, private)
        chosen = {
            **SETTINGS,
            **{name: value for name, value in os.environ.items() if name.startswith("CLOUDSUITE_")},
            **(settings or {}),
            "CLOUDSUITE_DATA": str(private / "data"),
            "CLOUDSUITE_HOST": HOST,
            "CLOUDSUITE_OPERATOR_TOKEN": token,
            "CLOUDSUITE_CERTIFICATE": str(private / "certificate.pem"),
            "CLOUDSUITE_KEY": str(private / "key.pem"),
        }
        if smtp:
            chosen |= {"CLOUDSUITE_SMTP_HOST": smtp[0], "CLOUDSUITE_SMTP_PORT": str(smtp[1])}
        log = folder / "cloudsuite.log"
        url = _started(stack, program, chosen, (name or HOST, port), log)
        yield Running(url=url, ca=ca, secrets={"operator_token": token}, version=_version(url, ca, log))


def _certify(folder: Path, private: Path) -> Path:
    """Make an authority and a certificate of the server for loopback; return the authority's certificate."""
    authority = trustme.CA(organization_name="Cloud Suite, throw-away")
    leaf = authority.issue_cert(HOST, "localhost", "cloudsuite.test", not_after=datetime.now(UTC) + CERTIFIED)
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    (private / "key.pem").touch(mode=0o600)
    leaf.private_key_pem.write_to_path(str(private / "key.pem"))
    for number, blob in enumerate(leaf.cert_chain_pems):
        blob.write_to_path(str(private / "certificate.pem"), append=number > 0)
    return folder / "ca.pem"


def _started(stack: ExitStack, program: Sequence[str], settings: Mapping[str, str], place: tuple[str, int], log: Path) -> str:
    """Start the application, on another free port where one was taken in between, and return its address."""
    name, port = place
    for attempt in range(1, ATTEMPTS + 1):
        number = port or _free_port()
        environment = {**settings, "CLOUDSUITE_PORT": str(number), "CLOUDSUITE_PUBLIC_URL": f"https://{name}:{number}"}
        begin = log.stat().st_size if log.exists() else 0
        try:
            return stack.enter_context(child(*program, "serve", log=log, environment=environment))
        except SuiteFault:
            if port or attempt == ATTEMPTS or TAKEN not in log.read_bytes()[begin:].decode(errors="replace"):
                raise
    raise AssertionError("unreachable")


@contextmanager
def child(module: str, *arguments: str, log: Path, environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run `python -m module` until the block ends or this process does, and return the address of its `ready` line.

    Raises:
        SuiteFault: it ended, or did not say that it is ready in time; the message holds the end of its log.
    """
    command = [sys.executable, "-I", "-S", "-c", BOUND, str(os.getpid()), sys.executable, "-m", module, *arguments]
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={name: os.environ[name] for name in KEPT if name in os.environ} | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=output,
        )
    try:
        yield _ready(process, module, log)
    finally:
        _end(process)


def _ready(process: subprocess.Popen[bytes], module: str, log: Path) -> str:
    """Wait for the line; what comes later on that pipe stays in it."""
    assert process.stdout is not None
    said, deadline = b"", time.monotonic() + READY_WITHIN
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while b"\n" not in said:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                _fail(f"python -m {module} should say `ready` within {READY_WITHIN:.0f} s, and said {said!r}", log)
            read = os.read(process.stdout.fileno(), 4096)
            if not read:
                _fail(f"python -m {module} ended with {_ended(process)} before it was ready", log)
            said += read
    word, _, url = said.split(b"\n")[0].decode(errors="replace").partition(" ")
    if word != "ready" or "://" not in url:
        _fail(f"python -m {module} should say `ready ADDRESS`, and said {said!r}", log)
    return url.strip()


def _ended(process: subprocess.Popen[bytes]) -> str:
    try:
        return f"status {process.wait(GRACE)}"
    except subprocess.TimeoutExpired:
        return "its output closed"


def _fail(what: str, log: Path) -> NoReturn:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:] if log.exists() else []
    ending = "\n  ".join(line[:500] for line in lines) or "nothing"
    raise SuiteFault(f"{what}. Its log {log} ends:\n  {ending}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end, and end it by force after a while."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as held:
        return int(held.getsockname()[1])


def _version(url: str, ca: Path, log: Path) -> str:
    context = ssl.create_default_context(cafile=str(ca))
    try:
        with urllib.request.urlopen(f"{url}/version", timeout=5, context=context) as answer:  # noqa: S310 -- our own address
            told = json.load(answer)
        return f"{told['product']} {told['version']} ({told['revision']})"
    except (OSError, ValueError, LookupError, TypeError) as failure:
        _fail(f"{url}/version should name product, version and revision: {failure!r}", log)


def main() -> int:
    """Run the product, a mail sink and the page of its mail, until told to end."""
    parser = argparse.ArgumentParser(prog="python -m products.cloudsuite.serve", description=__doc__.partition("\n")[0])
    parser.add_argument("--port", type=int, default=8443, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--inbox-port", type=int, default=8025, help="port of the page that shows the mail; 0 takes a free one")
    parser.add_argument("--folder", type=Path, help="where mail, log and ca.pem stay; without it a random one, removed at the end")
    options = parser.parse_args()
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, _leave)
    folder = options.folder or Path(tempfile.mkdtemp(prefix="cloudsuite-run-"))
    try:
        _run(folder.resolve(), options.port, options.inbox_port)
    except SuiteFault as failure:
        print(failure, file=sys.stderr)
        return 1
    finally:
        if options.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


def _run(folder: Path, port: int, inbox_port: int) -> NoReturn:
    mail, log = folder / "mail", folder / "mail.log"
    mail.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        sink = stack.enter_context(child("fixtures.mailbox.sink", "--port", "0", "--folder", str(mail), log=log))
        inbox = stack.enter_context(child("fixtures.mailbox.inbox", "--port", str(inbox_port), "--folder", str(mail), log=log))
        host, _, number = sink.removeprefix("smtp://").rpartition(":")
        running = stack.enter_context(serving(folder, (host, int(number)), port=port))
        print(
            f"{running.version}\n"
            f"  product         {running.url}\n"
            f"  its mail        {inbox}  ({mail})\n"
            f"  trust           {running.ca}  (or accept the browser's warning)\n"
            f"  operator token  {running.secrets['operator_token']}\n"
            f"  log             {folder / 'cloudsuite.log'}\n"
            "Ctrl-C ends it.",
            flush=True,
        )
        while True:
            signal.pause()


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(main())
