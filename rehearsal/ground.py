"""The ground of a rehearsal: a product that runs, with what belongs to it, and the board on which faults are switched on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rehearsal.board import Board
from rehearsal.probe import Probe

ROOT = Path(__file__).resolve().parents[1]
APPLICATION = "rehearsal.application"
CHEAP = {"CLOUDSUITE_PASSWORD_COST": "256"}
"""A rehearsal signs thousands of made-up people up: to keep their passwords as dearly as those of customers was a fifth of the product's work."""

PUBLIC_NAME = "PUBLIC_NAME"
"""The key of a ground's settings that names the host by which the product calls itself, in its mails too."""


class GroundTrouble(Exception):  # noqa: N818 -- says what it is
    """What is rehearsed on did not come up, or went away."""


@dataclass
class Ground:
    """Where a drill takes place.

    `product` is the folder of `products/`; `url`, `ca` and `secrets` are the target's; `mail` is the folder in which its mail arrives, as the mailbox's
    setting has it (``folder:…``), None where it is read otherwise; `post` is its mail server where the rehearsal runs it; `version` is what the product
    calls itself.
    """

    product: str
    url: str
    ca: Path | None
    secrets: dict[str, str] = field(repr=False)
    mail: Path | None
    board: Board
    version: str = ""
    post: Post | None = None
    folder: Path = Path()
    left: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def leave(self, process: subprocess.Popen[bytes]) -> None:
        """Have a process that a fault has started end with the ground."""
        self.left.append(process)

    def end(self) -> None:
        """End what faults have started."""
        for process in self.left:
            process.terminate()
            process.wait()

    def probe(self, domain: str, proxy: str | None = None, ca: Path | None = None, facts: dict[str, object] | None = None) -> Probe:
        """Return a probe whose people have addresses of this domain."""
        return Probe(self.url, ca or self.ca, self.secrets, self.mail, domain, proxy, facts if facts is not None else {})

    def process(self, command: str) -> int:
        """Return the id of the product's own process that does this: ``serve``, or ``worker``, which is forked from it and has its command line (Linux).

        Raises:
            GroundTrouble: there is none.
        """
        found: dict[int, int] = {}
        for place in Path("/proc").iterdir():
            if not place.name.isdigit():
                continue
            try:
                words = (place / "cmdline").read_bytes().decode(errors="replace").split("\0")
                parent = int((place / "stat").read_text(errors="replace").rpartition(")")[2].split()[1])
            except OSError:  # it has just ended
                continue
            if APPLICATION in words and str(self.board.folder) in words and "-c" not in words:
                found[int(place.name)] = parent
        fitting = [each for each, parent in found.items() if (parent in found) is (command == "worker")]
        if not fitting:
            msg = f"the product's process '{command}' is not there"
            raise GroundTrouble(msg)
        return fitting[0]


@dataclass
class Post:
    """A mail server, which can be stopped and started again on the same port."""

    folder: Path
    port: int = 0
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it.

        Raises:
            GroundTrouble: it did not come up.
        """
        command = [sys.executable, "-m", "fixtures.mailbox.sink", "--port", str(self.port), "--folder", str(self.folder), "--parent", str(os.getpid())]
        self.folder.mkdir(parents=True, exist_ok=True)
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, start_new_session=True)
        assert self.process.stdout is not None
        said = self.process.stdout.readline().strip()
        if not said.startswith("ready smtp://"):
            msg = f"the mail server did not start: it said {said!r}"
            raise GroundTrouble(msg)
        self.port = int(said.rpartition(":")[2])

    def stop(self) -> None:
        """End it."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            if self.process.stdout is not None:
                self.process.stdout.close()
            self.process = None


@contextmanager
def served(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[Ground]:
    """Serve the embedded product, ready to be broken, with a mail server and a board of its own, until the block ends."""
    from products.cloudsuite.serve import serving  # noqa: PLC0415 -- needs the product's own dependencies, which other targets do without

    folder.mkdir(parents=True, exist_ok=True)
    board, post = Board(folder / "board"), Post(folder / "mail")
    with ExitStack() as stack:
        stack.callback(post.stop)
        post.start()
        program = (APPLICATION, str(board.folder))
        others = {**CHEAP, **{key: value for key, value in (settings or {}).items() if key != PUBLIC_NAME}}
        name = (settings or {}).get(PUBLIC_NAME)
        running = stack.enter_context(serving(folder, ("127.0.0.1", post.port), settings=others, program=program, name=name))
        ground = Ground(
            product="cloudsuite",
            url=running.url,
            ca=running.ca,
            secrets=dict(running.secrets),
            mail=post.folder,
            board=board,
            version=running.version,
            post=post,
            folder=folder,
        )
        stack.callback(ground.end)
        yield ground
