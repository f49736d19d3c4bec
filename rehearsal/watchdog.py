"""The watchdog: mends what a rehearsal broke outside of itself, should the rehearsal die or forget.

    with watchdog.watching(folder) as dog:
        with dog.guard("F-frozen", ["kill", "-CONT", "4711"], expires=time.time() + 300):
            ...

It is a process of its own, in a session of its own. Each line on its standard input arms or disarms one command; an armed command is run when its time comes,
and at once when the input ends, which it does however the rehearsal dies.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
WITHIN = 20.0
"""Seconds that one command may take."""
GRACE = 5.0


@dataclass
class Watchdog:
    """The watchdog as the rehearsal sees it: whom to tell what to mend."""

    told: IO[str]

    @contextmanager
    def guard(self, name: str, mend: Sequence[str], expires: float) -> Iterator[None]:
        """Have a command run when the block has not ended by `expires` (seconds since the epoch), or this process is gone."""
        self._tell({"name": name, "mend": list(mend), "expires": expires})
        try:
            yield
        finally:
            self._tell({"name": name})

    def _tell(self, line: dict[str, object]) -> None:
        self.told.write(json.dumps(line) + "\n")
        self.told.flush()


@contextmanager
def watching(folder: Path) -> Iterator[Watchdog]:
    """Run a watchdog until the block ends; what it did is in ``watchdog.log`` of the folder."""
    with (folder / "watchdog.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "rehearsal.watchdog"], cwd=ROOT, stdin=subprocess.PIPE, stdout=log, stderr=log, text=True, start_new_session=True
        )
    assert process.stdin is not None
    try:
        yield Watchdog(process.stdin)
    finally:
        process.stdin.close()
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def main() -> int:
    """Watch standard input until it ends, then mend what is still armed."""
    armed: dict[str, tuple[float, list[str]]] = {}
    source, buffered = sys.stdin.fileno(), b""
    while True:
        due = min((expires for expires, _ in armed.values()), default=None)
        ready, _, _ = select.select([source], [], [], None if due is None else max(0.0, due - time.time()))
        if ready:
            more = os.read(source, 65536)
            if not more:
                break
            *lines, buffered = (buffered + more).split(b"\n")
            for line in lines:
                said = json.loads(line)
                armed.pop(said["name"], None)
                if "mend" in said:
                    armed[said["name"]] = (float(said["expires"]), said["mend"])
        for name in [name for name, (expires, _) in armed.items() if expires <= time.time()]:
            _mend(name, armed.pop(name)[1], "its time is over")
    for name, (_, command) in armed.items():
        _mend(name, command, "the rehearsal is gone")
    return 0


def _mend(name: str, command: list[str], why: str) -> None:
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=WITHIN, check=False)
        said = f"exit {done.returncode} {done.stderr.strip()}"
    except (OSError, subprocess.TimeoutExpired) as failure:
        said = str(failure)
    print(f"{name}: {why}; {' '.join(command)}: {said}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
