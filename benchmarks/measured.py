"""Runs a command and writes what it and everything that it started cost: `python -I -S measured.py RESULT LOG COMMAND …`.

CPU is exact, not sampled: this process is the reaper of all its descendants (PR_SET_CHILD_SUBREAPER), so whatever its own parent does not wait for is
waited for here, and RUSAGE_CHILDREN holds the user and system time of the whole tree once none is left. What Chromium leaves behind has five seconds.
Wall time ends with the command itself. Memory is the peak of the tree's PSS (shared pages are shared out, not counted twice), looked at every 0.1 s;
the looking is this process's own time and not counted.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

SUBREAPER = 36
EVERY = 0.1
LINGER = 5.0
KIB = 1024


def descendants() -> list[int]:
    """Return every process below this one."""
    found, unread = [], [os.getpid()]
    while unread:
        for children in Path(f"/proc/{unread.pop()}/task").glob("*/children"):
            try:
                below = [int(pid) for pid in children.read_text().split()]
            except OSError:
                continue
            found += below
            unread += below
    return found


def memory() -> int:
    """Return the PSS of the tree, in bytes."""
    total = 0
    for pid in descendants():
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * KIB
    return total


def main(result: str, log: str, command: list[str]) -> int:
    """Run the command and write the result."""
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    peak, over = 0, threading.Event()

    def look() -> None:
        nonlocal peak
        while not over.wait(EVERY):
            peak = max(peak, memory())

    began = time.monotonic()
    with Path(log).open("wb") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
    looking = threading.Thread(target=look)
    looking.start()
    code = os.waitstatus_to_exitcode(reaped(process.pid))
    wall = time.monotonic() - began
    over.set()
    looking.join()
    left = threading.Timer(LINGER, lambda: [os.kill(pid, signal.SIGKILL) for pid in descendants()])
    left.start()
    while reaped(-1) is not None:
        pass
    left.cancel()
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    Path(result).write_text(json.dumps({"code": code, "wall": wall, "cpu": spent.ru_utime + spent.ru_stime, "memory": peak}))
    return 0


def reaped(wanted: int) -> int | None:
    """Wait for a process, and for orphans that end before it; return its status, None where there is no process left."""
    while True:
        try:
            pid, status = os.waitpid(-1, 0)
        except ChildProcessError:
            return None
        if wanted in {pid, -1}:
            return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
