"""Many use a history file at once, one at a time mends, makes or migrates it: a lock file beside it says who."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from verdicts.history.trouble import StoreTrouble, told_by_system

LOOK = 0.02
"""Seconds between two looks at the lock."""


@dataclass(frozen=True)
class Guard:
    """The lock file beside `file`. Whoever waits longer than `patience` seconds gives up.

    Locks of flock(2) end with the process that holds them, however it ends.
    """

    file: Path
    patience: float

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Use the file: nobody replaces it meanwhile.

        Raises:
            StoreTrouble: locked: somebody replaces it, and does not come to an end.
        """
        with self._held(fcntl.LOCK_SH):
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Replace the file: nobody uses it meanwhile.

        Raises:
            StoreTrouble: locked: somebody uses it, and does not come to an end.
        """
        with self._held(fcntl.LOCK_EX):
            yield

    @contextmanager
    def _held(self, how: int) -> Iterator[None]:
        with told_by_system(str(self.file)):
            handle = self._open()
        if handle is None:
            yield
            return
        try:
            self._take(handle, how)
            yield
        finally:
            os.close(handle)

    def _open(self) -> int | None:
        """Open the lock file; None where none can be made: on a disk that cannot be written, nobody replaces anything."""
        lock = self.file.with_name(f"{self.file.name}.lock")
        try:
            return os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as cause:
            if cause.errno not in {errno.EROFS, errno.EACCES, errno.EPERM}:
                raise
        try:
            return os.open(lock, os.O_RDONLY)
        except FileNotFoundError:
            return None

    def _take(self, handle: int, how: int) -> None:
        until, nothing = time.monotonic() + self.patience, Event()
        while True:
            try:
                fcntl.flock(handle, how | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    what = f"another process has been using, making or migrating it for {self.patience:g} s"
                    raise StoreTrouble("locked", str(self.file), what) from None
                nothing.wait(LOOK)
            else:
                return
