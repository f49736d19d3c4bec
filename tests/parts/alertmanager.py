"""Debian's Alertmanager for the tests: its package unpacked beside the checkout, started on loopback, with a webhook of ours behind it.

No service is installed. The program reads its templates from a path that is compiled in; in the unpacked copy that path is exchanged for one of the same
length below the folder that it is started in, so that nothing is written outside of the checkout.
"""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from flows.waiting import Budget, eventually
from rehearsal.receiver import Receiver, closed_port
from tests.receivers.recorder import takes_everything

ROOT = Path(__file__).parents[2]
UNPACKED = ROOT / ".venvs" / "alertmanager"
PACKAGE = "prometheus-alertmanager"
TEMPLATES = b"/usr/share/prometheus/alertmanager"
BESIDE = b"./" * 11 + b"alertmanager"
ADVICE = f"the tests need Debian's package {PACKAGE}: they fetch it with apt-get, and unpack it with dpkg, where both are there and an archive is in reach"
STARTING = Budget("starting", 60, 60)
SETTINGS = """
route:
  receiver: ours
  group_by: ["..."]
  group_wait: 0s
  group_interval: 1s
  repeat_interval: 1h
receivers:
- name: ours
  webhook_configs:
  - url: {url}/hook
    send_resolved: true
"""


def program(into: Path = UNPACKED) -> Path:
    """Return the program, fetched and unpacked once; several sessions that want it wait for one."""
    into.parent.mkdir(parents=True, exist_ok=True)
    with into.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not into.is_dir():
            draft = into.with_suffix(".part")
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir()
            _unpack(draft)
            draft.rename(into)
    return into / "prometheus-alertmanager"


def _unpack(into: Path) -> None:
    try:
        _said("apt-get", "download", "-qq", PACKAGE, cwd=into)
    except subprocess.CalledProcessError:  # there are no lists yet, or they are older than the archive
        try:
            _said("apt-get", "update", "-qq")
            _said("apt-get", "download", "-qq", PACKAGE, cwd=into)
        except subprocess.CalledProcessError as failure:
            pytest.fail(f"{failure.stderr.strip() or failure}; {ADVICE}", pytrace=False)
    [package] = into.glob("*.deb")
    _said("dpkg", "-x", str(package), str(into / "package"))
    package.unlink()
    whole = (into / "package/usr/bin/prometheus-alertmanager").read_bytes()
    assert TEMPLATES in whole
    assert len(TEMPLATES) == len(BESIDE)
    copy = into / "prometheus-alertmanager"
    copy.write_bytes(whole.replace(TEMPLATES, BESIDE))
    copy.chmod(0o755)
    shutil.move(into / "package/usr/share/prometheus/alertmanager", into / "alertmanager")
    shutil.rmtree(into / "package")


def _said(*command: str, cwd: Path | None = None) -> None:
    try:
        subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    except FileNotFoundError:
        pytest.fail(f"{command[0]} is not here; {ADVICE}", pytrace=False)


@dataclass(frozen=True)
class Running:
    """An Alertmanager at `url`, and the webhook that it tells."""

    url: str
    webhook: Receiver

    def active(self) -> list[dict[str, Any]]:
        """Return the alerts that fire now, as its API shows them."""
        found: list[dict[str, Any]] = httpx.get(f"{self.url}/api/v2/alerts", params={"active": "true"}).raise_for_status().json()
        return found

    def notifications(self) -> list[dict[str, Any]]:
        """Return what the webhook was told, in order."""
        return [each.json() for each in self.webhook.requests]


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Running]:
    """Serve with its data in a folder; the kernel ends it if this process is killed."""
    unpacked = program()
    leash = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
    url = f"http://127.0.0.1:{closed_port()}"
    settings = folder / "alertmanager.yml"
    options = [
        f"--config.file={settings}",
        f"--storage.path={folder / 'data'}",
        f"--web.listen-address={url.removeprefix('http://')}",
        "--cluster.listen-address=",
    ]
    with Receiver(takes_everything) as webhook, (folder / "log").open("w+") as log:
        settings.write_text(SETTINGS.format(url=webhook.url))
        with subprocess.Popen([*leash, unpacked, *options], cwd=unpacked.parent, stdin=subprocess.DEVNULL, stdout=log, stderr=log) as server:

            def answers() -> str:
                if server.poll() is not None:
                    return "dead"
                try:
                    return "up" if httpx.get(f"{url}/-/ready").is_success else "starting"
                except httpx.TransportError:
                    return "starting"

            try:
                eventually(answers, reaches="up", never={"dead"}, within=STARTING, of=f"Alertmanager, whose log is {folder / 'log'},", state=str)
                yield Running(url, webhook)
            finally:
                server.kill()
