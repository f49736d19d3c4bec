"""mitmproxy, installed once into an environment of its own: its packages never meet the suite's.

It lives in `.venvs/mitmproxy`, from a file that locks every package by its hash. A stamp in that folder says what was installed; a lock file that changed
installs anew. Standard library only.
"""

from __future__ import annotations

import fcntl
import hashlib
import subprocess
import sys
import venv
from pathlib import Path

LOCK = Path(__file__).with_name("requirements.lock")
ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".venvs" / "mitmproxy"
STAMP = "installed-from"


class InstallationFailed(Exception):  # noqa: N818 -- named for what happened
    """mitmproxy could not be installed; the message says which step and what it said."""


def installed(folder: Path = FOLDER) -> Path:
    """Install what is missing or out of date, and return the interpreter that has mitmproxy.

    Raises:
        InstallationFailed: pip did not end well.
    """
    python = folder / "bin" / "python"
    if not _current(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with folder.with_suffix(".lock").open("w") as one_at_a_time:
            fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
            if not _current(folder):
                _install(folder, python)
                (folder / STAMP).write_text(_fingerprint(), encoding="ascii")
    return python


def _current(folder: Path) -> bool:
    stamp = folder / STAMP
    return stamp.exists() and stamp.read_text(encoding="ascii") == _fingerprint()


def _install(folder: Path, python: Path) -> None:
    """Build the environment from nothing: a half-built one is not repaired."""
    venv.create(folder, clear=True, with_pip=True, symlinks=True)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--requirement", str(LOCK)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise InstallationFailed(f"`{' '.join(command)}` ended with {done.returncode}:\n{done.stderr[-2000:]}")


def _fingerprint() -> str:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return hashlib.sha256(b"\0".join([version.encode(), LOCK.read_bytes()])).hexdigest()
