"""The board of switches: a folder in which each file is one fault that is on, for a scope, until it expires.

Whoever injects a fault puts a file; whoever is to misbehave (the application's process, the wire's proxy) looks at the folder whenever it could. The expiry is
honoured where the fault lives, so that a rehearsal that is killed leaves nothing behind for longer than that, whoever else dies with it.

Standard library only: the proxy on the wire reads it in an environment of its own.
"""

from __future__ import annotations

import json
import os
import random
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

SUFFIX = ".switch.json"
SETTLED = 100_000_000
"""Nanoseconds after which a folder's time of change can be relied upon: a file system may give two changes in a row the same."""


@dataclass(frozen=True)
class Switch:
    """A fault that is on. `drill` is the drill's id, and the file's name; `fault` what is wrong (``F19``).

    `scope` is the mail domain of the people whom it concerns; empty concerns everybody who comes by. `dose` is the share of chances that the fault
    takes, above 0 up to 1; `expires` when it ends by itself (seconds since the epoch); `settings` is whatever else the fault needs, as JSON.
    """

    drill: str
    fault: str
    expires: float
    scope: str = ""
    dose: float = 1.0
    settings: dict[str, Any] = field(default_factory=dict)

    def concerns(self, address: str) -> bool:
        """Tell whether a mail address is in its scope."""
        return not self.scope or address.rpartition("@")[2].lower() == self.scope.lower()


class Board:
    """A folder of switches. Looking costs one `stat` while nothing changes; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Use a folder; it need not exist as long as nothing is put there."""
        self.folder = folder
        self._lock = threading.Lock()
        self._read: tuple[int, tuple[Switch, ...]] = (-1, ())
        self._chances: dict[str, random.Random] = {}

    def put(self, switch: Switch) -> None:
        """Switch a fault on."""
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / f".{switch.drill}.{os.getpid()}"
        draft.write_text(json.dumps(asdict(switch)), encoding="utf-8")
        draft.replace(self.folder / f"{switch.drill}{SUFFIX}")

    def clear(self, drill: str) -> bool:
        """Switch a drill's fault off; tells whether it was on."""
        try:
            (self.folder / f"{drill}{SUFFIX}").unlink()
        except FileNotFoundError:
            return False
        return True

    def on(self) -> tuple[Switch, ...]:
        """Return what is on and has not expired."""
        try:
            changed = self.folder.stat().st_mtime_ns
        except FileNotFoundError:
            return ()
        if self._read[0] != changed or time.time_ns() - changed < SETTLED:
            with self._lock:
                self._read = (changed, tuple(self._load()))
        now = time.time()
        return tuple(switch for switch in self._read[1] if switch.expires > now)

    def strikes(self, fault: str, address: str = "") -> Switch | None:
        """Return the switch of a fault that concerns this address and takes this chance; None where there is none. Each call is one chance."""
        for switch in self.on():
            if switch.fault == fault and switch.concerns(address) and self.chance(switch):
                return switch
        return None

    def chance(self, switch: Switch) -> bool:
        """Draw: true in a share of `dose`, in an order that is the same in each rehearsal."""
        if switch.dose >= 1:
            return True
        with self._lock:
            return self._chances.setdefault(switch.drill, random.Random(switch.fault)).random() < switch.dose  # noqa: S311 -- repeatable, not secret

    def _load(self) -> list[Switch]:
        found = []
        for file in sorted(self.folder.glob(f"*{SUFFIX}")):
            try:
                found.append(Switch(**json.loads(file.read_text(encoding="utf-8"))))
            except FileNotFoundError:
                continue
        return found
