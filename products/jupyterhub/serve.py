"""Install JupyterHub where that is needed, start it on loopback, and take all of it away again.

    python -m products.jupyterhub.serve

is all that `synthetics run --target jupyterhub` needs: its mail goes to a sink of its own; mail and operator token stand
below .run/jupyterhub, where targets.toml looks for them. One line goes to stdout, `ready http://127.0.0.1:8000/`, once the
hub itself answers (its proxy listens earlier). SIGTERM or SIGINT ends the hub, its proxy and every server it started.
Settings are options or HUB_* variables; secrets are variables only: HUB_OPERATOR_TOKEN, HUB_ADMIN_PASSWORD. One that is not
given is made up and told to nobody, but the operator's is kept in its file for the suite and for the next run.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from flows.blame import SuiteFault
from products.jupyterhub.installation import HERE, Installation, InstallationFailed, installed
from products.wiring import Running

ROOT = HERE.parents[1]
RUN = ROOT / ".run" / "jupyterhub"
CONFIGURATION = HERE / "hub" / "jupyterhub_config.py"
KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR")
DIE_WITH_PARENT, BECOME_SUBREAPER = 1, 36
"""Options of prctl(2)."""
READY = 200
GRACE_SECONDS = 8.0
NOBODY = ("127.0.0.1", 9)
"""Where mail goes that nobody takes."""


class HubFailed(Exception):  # noqa: N818 -- named for what happened
    """The hub did not become ready; the message holds the end of its log."""


@contextmanager
def serving(folder: Path, smtp: tuple[str, int] | None) -> Iterator[Running]:
    """Run the hub until the block ends. Its log stays in `folder` (jupyterhub.log); its data does not.

    Raises:
        SuiteFault: it could not be installed, or did not come up; the message says why.
    """
    folder.mkdir(parents=True, exist_ok=True)
    host, port = smtp or NOBODY
    token = secrets.token_urlsafe(32)
    command = [
        sys.executable,
        "-m",
        "products.jupyterhub.serve",
        "--with-parent",
        "--port",
        "0",
        "--smtp",
        f"{host}:{port}",
        "--log",
        str(folder / "jupyterhub.log"),
    ]
    environment = {**os.environ, "HUB_OPERATOR_TOKEN": token}
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            if not said.startswith("ready "):
                process.wait()
                errors.seek(0)
                msg = f"JupyterHub did not start: {errors.read()[-3000:]}"
                raise SuiteFault(msg)
            url = said.split()[1].rstrip("/")
            with urllib.request.urlopen(f"{url}/hub/api", timeout=10) as answer:  # noqa: S310 -- our own address
                version = f"JupyterHub {json.load(answer)['version']}"
            yield Running(url=url, ca=None, secrets={"operator_token": token}, version=version)
        finally:
            process.terminate()


def main() -> int:
    """Run until told to end; 0 for an end that was asked for."""
    options = _options()
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, _stop)
    if options.with_parent:
        _control(DIE_WITH_PARENT, signal.SIGTERM)
    try:
        programs = installed()
        if options.install_only:
            return 0
        return _serve(options, programs)
    except (InstallationFailed, HubFailed) as failure:
        print(failure, file=sys.stderr)
        return 1
    except _Ending:
        return 0


def _serve(options: argparse.Namespace, programs: Installation) -> int:
    data = Path(options.data or tempfile.mkdtemp(prefix="jupyterhub-")).resolve()
    data.mkdir(parents=True, exist_ok=True)
    log = Path(options.log or data / "hub.log").resolve()
    _adopt_orphans()
    hub = None
    try:
        options.smtp = options.smtp or _sink(Path(options.mail))
        with log.open("ab") as output:
            hub = subprocess.Popen(
                [programs.python, "-m", "jupyterhub", "--config", CONFIGURATION],
                cwd=data,
                env=_environment(options, programs, data),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        url = f"http://127.0.0.1:{options.port}/"
        _wait_until_ready(hub, f"{url}hub/api", log, options.within)
        print(f"ready {url}", flush=True)
        hub.wait()
        raise HubFailed(f"The hub ended by itself with {hub.returncode}. Its log ends:\n{_tail(log)}")
    finally:
        for ending in (signal.SIGTERM, signal.SIGINT):
            signal.signal(ending, signal.SIG_IGN)
        if hub is not None:
            _end(hub)
        if not options.data:
            shutil.rmtree(data, ignore_errors=True)


def _sink(folder: Path) -> str:
    """Start a mail sink, which ends with this process, and return its host:port."""
    command = [sys.executable, "-m", "fixtures.mailbox.sink", "--folder", str(folder), "--parent", str(os.getpid())]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = process.stdout.readline().strip()
    if not said.startswith("ready smtp://"):
        raise HubFailed(f"The mail sink should say `ready smtp://HOST:PORT`, and said {said!r}.")
    return said.removeprefix("ready smtp://")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m products.jupyterhub.serve", description=__doc__.partition("\n")[0])

    def setting(name: str, default: str, about: str) -> None:
        variable = "HUB_" + name.upper().replace("-", "_")
        kind = int if default.isdigit() else str
        parser.add_argument(f"--{name}", type=kind, default=os.environ.get(variable, default), help=f"{about} [{variable}, {default or 'none'}]")

    setting("port", "8000", "public port on 127.0.0.1; 0 takes a free one")
    setting("data", "", "folder for database, log and homes; without it a random one, removed at the end")
    setting("log", "", "file of its log; without it hub.log in the data folder")
    setting("operator-token-file", str(RUN / "operator-token"), "file that holds the operator's token; written where it is missing")
    setting("smtp", "", "host:port that takes its mail; without it a sink of its own")
    setting("mail", str(RUN / "mail"), "folder of that sink")
    setting("public-url", "", "address that its mail links to, where that is not its own")
    setting("admin", "admin", "name of the administrator")
    setting("servers-per-user", "2", "named servers that one user may have")
    setting("active-servers", "12", "servers that may run at once, of all users")
    setting("concurrent-spawns", "8", "servers that may be starting at once")
    setting("permission-cache", "5", "seconds that a server honours a right that was taken away; the product's own default is 300")
    setting("failed-logins", "10", "wrong passwords in a row that block a name for a minute")
    setting("within", "60", "seconds in which it must be ready")
    parser.add_argument("--with-parent", action="store_true", help="end when whoever started this ends, however it ends (Linux)")
    parser.add_argument("--install-only", action="store_true", help="install, and start nothing")
    options = parser.parse_args()
    if options.smtp and ":" not in options.smtp:
        parser.error(f"--smtp wants host:port, not {options.smtp!r}")
    if options.port == 0:
        [options.port] = _free_ports(1)
    options.public_url = (options.public_url or f"http://127.0.0.1:{options.port}").rstrip("/")
    return options


def _environment(options: argparse.Namespace, programs: Installation, data: Path) -> dict[str, str]:
    """What the hub may know: its settings and secrets, and little of the caller's environment."""
    inner_port, proxy_port = [port for port in _free_ports(3) if port != options.port][:2]
    smtp_host, _, smtp_port = options.smtp.rpartition(":")
    return {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        "HUB_OPERATOR_TOKEN": _operator_token(options.operator_token_file),
        "HUB_ADMIN_PASSWORD": os.environ.get("HUB_ADMIN_PASSWORD") or secrets.token_urlsafe(32),
        "CONFIGPROXY_AUTH_TOKEN": secrets.token_hex(32),
        "HOME": str(data),
        "HUB_DATA": str(data),
        "HUB_PORT": str(options.port),
        "HUB_INNER_PORT": str(inner_port),
        "HUB_PROXY_PORT": str(proxy_port),
        "HUB_PROXY_SCRIPT": str(programs.proxy),
        "HUB_PUBLIC_URL": options.public_url,
        "HUB_SMTP_HOST": smtp_host,
        "HUB_SMTP_PORT": smtp_port,
        "HUB_ADMIN": options.admin,
        "HUB_SERVERS_PER_USER": str(options.servers_per_user),
        "HUB_ACTIVE_SERVERS": str(options.active_servers),
        "HUB_CONCURRENT_SPAWNS": str(options.concurrent_spawns),
        "HUB_PERMISSION_CACHE": str(options.permission_cache),
        "HUB_FAILED_LOGINS": str(options.failed_logins),
    }


def _operator_token(file: str) -> str:
    """Return the variable's value, or else the file's; one that is new is written for its owner's eyes alone."""
    if given := os.environ.get("HUB_OPERATOR_TOKEN"):
        return given
    place = Path(file) if file else None
    if place and place.is_file():
        return place.read_text(encoding="ascii").strip()
    token = secrets.token_urlsafe(32)
    if place:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch(mode=0o600)
        place.write_text(token, encoding="ascii")
    return token


def _free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now, each a different one."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    numbers = [taken.getsockname()[1] for taken in held]
    for taken in held:
        taken.close()
    return numbers


def _wait_until_ready(hub: subprocess.Popen[bytes], url: str, log: Path, within: int) -> None:
    """The proxy answers 503 for the hub until the hub is there: only exactly 200 counts."""
    seen = "no answer"
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        with suppress(subprocess.TimeoutExpired):
            hub.wait(0.1)
            raise HubFailed(f"The hub ended with {hub.returncode} before it was ready. Its log ends:\n{_tail(log)}")
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 -- our own address
                if answer.status == READY:
                    return
                seen = str(answer.status)
        except urllib.error.HTTPError as refusal:
            seen = str(refusal.code)
        except OSError as failure:
            seen = str(failure)
    raise HubFailed(f"{url} should answer 200 within {within} s; last seen: {seen}. Its log ends:\n{_tail(log)}")


def _tail(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-3000:]


class _Ending(Exception):  # noqa: N818 -- named for what happened
    """Somebody asked for the end."""


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise _Ending


def _adopt_orphans() -> None:
    """Become the parent of whatever the hub leaves behind: its servers have sessions of their own (Linux only)."""
    _control(BECOME_SUBREAPER, 1)


def _control(what: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(what, value, 0, 0, 0)


def _end(hub: subprocess.Popen[bytes]) -> None:
    """Ask the hub to end, which ends its proxy and servers; then end by force whoever is left."""
    if hub.poll() is None:
        hub.terminate()
        try:
            hub.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            hub.kill()
            hub.wait()
    deadline = time.monotonic() + 2.0
    while (left := _children()) and time.monotonic() < deadline:
        for process in left:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def _children() -> list[int]:
    """The processes whose parent is this one; adopted grandchildren among them."""
    listing = Path(f"/proc/self/task/{os.getpid()}/children")
    return [int(number) for number in listing.read_text().split()] if listing.exists() else []


if __name__ == "__main__":
    sys.exit(main())
