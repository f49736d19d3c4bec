"""The watchdog mends what a rehearsal broke: when it dies, when it forgets, and never when it has mended it itself."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

from rehearsal import watchdog
from rehearsal.probe import until

ROOT = Path(__file__).parents[2]
SOON = 20.0
DIES = """
import sys, time
from pathlib import Path
from rehearsal.watchdog import watching

folder = Path(sys.argv[1])
with watching(folder) as dog, dog.guard("it", ["touch", str(folder / "mended")], time.time() + 600):
    print("broken", flush=True)
    sys.stdin.read()
"""


def test_what_a_rehearsal_broke_that_was_killed_is_mended_at_once(tmp_path: Path):
    command = [sys.executable, "-c", DIES, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as rehearsal:
        assert rehearsal.stdout
        assert rehearsal.stdout.readline() == "broken\n"
        rehearsal.send_signal(signal.SIGKILL)

        assert until((tmp_path / "mended").exists, SOON)

    assert until(lambda: "it: the rehearsal is gone" in (tmp_path / "watchdog.log").read_text(), SOON)


def test_what_is_not_mended_by_its_expiry_is_mended_then(tmp_path: Path):
    with watchdog.watching(tmp_path) as dog, dog.guard("it", ["touch", str(tmp_path / "mended")], time.time() + 0.2):
        assert until((tmp_path / "mended").exists, SOON)

    assert "its time is over" in (tmp_path / "watchdog.log").read_text()


def test_what_the_rehearsal_has_mended_is_left_alone(tmp_path: Path):
    with watchdog.watching(tmp_path) as dog, dog.guard("it", ["touch", str(tmp_path / "mended")], time.time() + 600):
        pass

    assert not (tmp_path / "mended").exists()
    assert (tmp_path / "watchdog.log").read_text() == ""


def test_a_command_that_is_not_there_keeps_no_other_from_being_run(tmp_path: Path):
    with watchdog.watching(tmp_path) as dog, dog.guard("a", ["/no/such/command"], 0), dog.guard("b", ["touch", str(tmp_path / "mended")], 0):
        assert until((tmp_path / "mended").exists, SOON)
