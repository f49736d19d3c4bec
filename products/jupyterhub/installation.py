"""JupyterHub and its proxy, installed once into an environment of their own.

The hub's packages never meet the suite's: they live in `.venvs/jupyterhub`, from files that lock every
package by its hash. A stamp in that folder says what was installed; a lock file that changed installs anew.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
LOCKS = (HERE / "requirements.lock", HERE / "proxy" / "package.json", HERE / "proxy" / "package-lock.json")
STAMP = "installed-from"
FOLDER = HERE.parents[1] / ".venvs" / "jupyterhub"


class InstallationFailed(Exception):  # noqa: N818 -- named for what happened
    """The hub could not be installed; the message says which step and what it said."""


@dataclass(frozen=True)
class Installation:
    """Where the hub's programs stand."""

    folder: Path

    @property
    def python(self) -> Path:
        """The interpreter that has the hub's packages."""
        return self.folder / "bin" / "python"

    @property
    def proxy(self) -> Path:
        """The script that node runs as the proxy."""
        return self.folder / "proxy" / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy"


def installed(folder: Path = FOLDER) -> Installation:
    """Install what is missing or out of date, and say where it stands."""
    if not _current(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with folder.with_suffix(".lock").open("w") as one_at_a_time:
            fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
            if not _current(folder):
                _install(folder)
                (folder / STAMP).write_text(_fingerprint(), encoding="ascii")
    return Installation(folder)


def _current(folder: Path) -> bool:
    stamp = folder / STAMP
    return stamp.exists() and stamp.read_text(encoding="ascii") == _fingerprint()


def _install(folder: Path) -> None:
    """Build the environment from nothing: a half-built one is not repaired."""
    requirements, *manifests = LOCKS
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise InstallationFailed("The hub's proxy needs node and npm, and they are not on the PATH: install Node.js 20.")
    venv.create(folder, clear=True, with_pip=True, symlinks=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, "--require-hashes", "--requirement", str(requirements)], folder)
    proxy = folder / "proxy"
    proxy.mkdir()
    for manifest in manifests:
        shutil.copy(manifest, proxy)
    _run([npm, "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], proxy)


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, stdout=sys.stderr, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise InstallationFailed(f"`{' '.join(command)}` ended with {done.returncode}:\n{done.stderr[-2000:]}")


def _fingerprint() -> str:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return hashlib.sha256(b"\0".join([version.encode(), *(lock.read_bytes() for lock in LOCKS)])).hexdigest()
