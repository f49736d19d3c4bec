"""The worker, forked from the server before that is anything: it has loaded the product and its seams already, and needs no interpreter of its own."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence


class Forked:
    """A process that waits for its work, and ends with its parent where none comes; ended and waited for as a `subprocess.Popen`."""

    def __init__(self, work: Callable[[list[str]], int]) -> None:
        """Fork it, to end with what `work` returns for the arguments that it is given."""
        reading, self._given = os.pipe()
        self._over, lasting = os.pipe()  # its other side is open as long as the process lasts
        self.pid = os.fork()
        if self.pid:
            os.close(reading)
            os.close(lasting)
            return
        os.close(self._given)
        os.close(self._over)
        with os.fdopen(reading, "rb") as given:
            line = given.read()
        if not line:
            sys.exit()
        arguments, environment = json.loads(line)
        os.environ.clear()
        os.environ.update(environment)
        status = work(arguments)
        sys.stdout.flush()
        os._exit(status)  # to take everything apart that was loaded would cost a fifth of what loading it did

    def start(self, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        """Give it its work."""
        with os.fdopen(self._given, "wb") as given:
            given.write(json.dumps([list(arguments), dict(environment)]).encode())

    def terminate(self) -> None:
        """Ask it to end."""
        os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        """End it by force."""
        os.kill(self.pid, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> None:
        """Wait for its end.

        Raises:
            subprocess.TimeoutExpired: it did not end in `timeout` seconds.
        """
        if not select.select([self._over], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("worker", timeout or 0.0)
        os.close(self._over)
        os.waitpid(self.pid, 0)
