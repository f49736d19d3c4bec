"""What happened in a drill, in order: one line of JSON for each event, with its time. Every verdict on a drill is made from these lines alone."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Events:
    """The file of one drill, appended to. What is written is on the disk before the drill goes on; threads may share it."""

    def __init__(self, file: Path) -> None:
        """Write to a file; its folder must exist."""
        self.file = file
        self._lock = threading.Lock()

    def add(self, event: str, *, at: float | None = None, **facts: Any) -> None:
        """Write one event; `at` is when it happened (seconds since the epoch), now where nobody says."""
        line = json.dumps({"at": time.time() if at is None else at, "event": event, **facts}, ensure_ascii=True)
        with self._lock, self.file.open("a", encoding="utf-8") as out:
            out.write(line + "\n")
            out.flush()


def read(file: Path) -> Iterator[dict[str, Any]]:
    """Yield the events of a drill, as written; a last line that was torn by a kill is passed over."""
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            if line.endswith("\n"):
                yield json.loads(line)
