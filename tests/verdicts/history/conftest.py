"""The history on both kinds of store: what holds for one holds for the other."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.parts.postgresql import Cluster
from verdicts.history.store import History

KINDS = ("sqlite", "postgresql")


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Return a kind of store."""
    return str(request.param)


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a store that is not there yet."""
    if kind == "sqlite":
        return str(tmp_path / "history.sqlite")
    cluster: Cluster = request.getfixturevalue("postgresql")
    return cluster.database()


@pytest.fixture
def history(url: str) -> Iterator[History]:
    """Return a new store."""
    opened = History.open(url)
    yield opened
    opened.close()


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """Return an empty disk of 24 MB, where every user can reach it."""
    if os.geteuid() != 0:
        pytest.fail("a full and a read-only disk take a file system of their own: run this test as root, in a container where that is not you", pytrace=False)
    disk = Path(tempfile.mkdtemp(prefix="disk-"))
    mount("-t", "tmpfs", "-o", "size=24m,mode=755", "none", str(disk))
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)
    disk.rmdir()


def mount(*words: str) -> None:
    """Mount something."""
    done = subprocess.run(["mount", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"this machine lets nobody mount: {done.stderr.strip()}; run this test where root may (docker: --cap-add SYS_ADMIN)", pytrace=False)
