"""A folder: every message becomes a file of its own, whole from the moment it has its name, and never changed again.

For the local inbox page, for drills, and for whoever wants to fetch messages from there. A file holds ``{"headline", "facts": [{"label", "value",
"link"}], "message"}`` in ASCII. `headline` and `facts` are inert lines, `message` is everything as it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from launch.reading import Table
from reports.channels import ALERTING, Later, Receipt, Secret
from reports.facts import facts, headline
from reports.message import Kind, Message
from reports.site import inbox

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Folder:
    """Files in `path`, ordered by name as they came, and a page that shows them (``index.html``)."""

    path: Path
    carries: frozenset[Kind] = ALERTING | {Kind.CHANGE}
    pace: float = 0.0
    refreshes: bool = False
    cap: int = 0

    def send(self, message: Message, thread: Mapping[str, str]) -> Receipt:  # noqa: ARG002 -- each file stands for itself
        """Write the file, and make sure that it is on the disk.

        Raises:
            Later: the folder cannot be written.
        """
        said = {"headline": headline(message), "facts": [asdict(each) for each in facts(message)], "message": json.loads(message.to_json())}
        content = json.dumps(said, indent=1).encode("ascii")
        name = f"{time.time_ns():020d}-{message.kind}-{hashlib.sha256(content).hexdigest()[:12]}"
        part = self.path / f".{name}.{os.getpid()}.part"
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with part.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.rename(self.path / f"{name}.json")
            _settle(self.path)
        except OSError as trouble:
            with suppress(OSError):
                part.unlink()
            raise Later(f"{self.path} cannot be written: {trouble.strerror}", ambiguous=True) from None
        with suppress(OSError):  # the message is there, page or no page; the next one writes it anew
            inbox.write(self.path, ROOT)
        return Receipt(f"written to {name}.json")


def read(table: Table, secret: Secret) -> Folder:  # noqa: ARG001 -- nothing secret here
    """Take `path`.

    Raises:
        BadInput: a wrong value.
    """
    return Folder(Path(table.text("path")).expanduser())


def _settle(folder: Path) -> None:
    """Have the folder itself on the disk: a rename is not, before that."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
