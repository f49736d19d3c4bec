"""The product that is rehearsed on: its two processes are told apart, and end together."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rehearsal.ground import ROOT, GroundTrouble, served

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are found as Linux shows them")

WITHIN = 20.0

UNUSED = """
import os
from rehearsal.application.forked import Forked
print(Forked(print).pid)
"""
WORKING = """
import os, subprocess
from rehearsal.application.forked import Forked
def work(words):
    print(words, sorted(os.environ), flush=True)
    os.read(reading, 1)
    return 3
reading, writing = os.pipe()
worker = Forked(work)
worker.start(["one", "two"], {"NAME": "value"})
try:
    worker.wait(0.01)
except subprocess.TimeoutExpired:
    worker.terminate()
    worker.wait(20)
    print("ended", flush=True)
"""


def ends(pid: int) -> bool:
    """Tell whether a process ends in time."""
    try:
        ended = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    with os.fdopen(ended):
        return bool(select.select([ended], [], [], WITHIN)[0])


def test_the_worker_is_the_servers_child_and_ends_with_it(tmp_path: Path) -> None:
    """Whoever freezes or kills one of them means that one."""
    with served(tmp_path / "ground") as ground:
        server, worker = ground.process("serve"), ground.process("worker")
        assert str(worker) in Path(f"/proc/{server}/task/{server}/children").read_text().split()

        os.kill(server, signal.SIGKILL)
        assert ends(server)
        assert ends(worker)
        with pytest.raises(GroundTrouble, match="'serve' is not there"):
            ground.process("serve")


def said(program: str) -> str:
    """Run a program, and return what it said."""
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=WITHIN, check=True).stdout


def test_one_that_is_given_no_work_ends_with_its_parent() -> None:
    """A server that cannot start leaves nothing behind."""
    assert ends(int(said(UNUSED)))


def test_one_that_works_has_its_arguments_and_environment_and_can_be_ended() -> None:
    """Nothing is left of the environment of its parent, and waiting has an end."""
    assert said(WORKING).splitlines() == ["['one', 'two'] ['NAME']", "ended"]
