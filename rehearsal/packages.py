"""Debian packages, unpacked beside the checkout and not installed: what a fault of the environment needs, such as libfaketime."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
from pathlib import Path

PLACE = Path(__file__).resolve().parents[1] / ".venvs" / "packages"


class PackageTrouble(Exception):  # noqa: N818 -- says what it is
    """A package cannot be had here; the message says why, and what to do."""


def unpacked(package: str, file: str) -> Path:
    """Return a file of a package, given as a pattern below its root (``usr/lib/*/faketime/libfaketime.so.1``). Fetched once; several processes wait for one.

    Raises:
        PackageTrouble: there is no apt-get, no archive in reach, or no such file in it.
    """
    PLACE.mkdir(parents=True, exist_ok=True)
    folder = PLACE / package
    with (PLACE / f"{package}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            draft = PLACE / f"{package}.part"
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir()
            _fetch(package, draft)
            draft.rename(folder)
    found = sorted(folder.glob(file))
    if not found:
        msg = f"the package {package} has no {file}; remove {folder} and try again"
        raise PackageTrouble(msg)
    return found[0]


def _fetch(package: str, into: Path) -> None:
    if _said("apt-get", "download", "-qq", package, cwd=into):  # no lists yet, or they are older than the archive
        _said("apt-get", "update", "-qq", cwd=into)
        if trouble := _said("apt-get", "download", "-qq", package, cwd=into):
            msg = f"Debian's package {package} cannot be fetched: {trouble}; install it where an archive is in reach"
            raise PackageTrouble(msg)
    for file in into.glob("*.deb"):
        if trouble := _said("dpkg", "-x", str(file), str(into), cwd=into):
            msg = f"{file.name} cannot be unpacked: {trouble}"
            raise PackageTrouble(msg)
        file.unlink()


def _said(*command: str, cwd: Path) -> str:
    """Run a command, and return what it complained of; nothing where it went well."""
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    except FileNotFoundError:
        return f"{command[0]} is not here"
    return "" if done.returncode == 0 else done.stderr.strip() or f"{command[0]} ended with {done.returncode}"
