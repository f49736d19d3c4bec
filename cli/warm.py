"""Processes that start warm: one has imported what the suite's commands need, and is forked for each of them.

A rehearsal starts more than a thousand; to import the same modules again was most of what its drills cost. What a command does is the same, and it is a
process of its own all the same, with its own arguments, environment, folder and output.

    with serving(folder) as address:
        process = start(address, ["-m", "cli.main", "run", …], environment, output)
        code = process.wait(timeout=240)

A request is one line of JSON on a Unix stream socket, with the file for the output beside it (SCM_RIGHTS, https://man7.org/linux/man-pages/man7/unix.7.html).
What is answered is two numbers of four bytes: the process's id once it leads its session, and how it ended. Whoever asked and is gone takes the process
along (Linux).
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import IO, Any

from fixtures.target import ROOT
from flows.blame import SuiteFault

VARIABLE = "SYNTHETICS_WARM"
"""The environment variable that names the socket at which processes start warm; without it they start as any other."""

LOADED = (
    *("cli.run", "cli.tryout", "cli.judge", "cli.alert", "cli.sweep", "cli.silence", "cli.alerts"),
    *("pytest", "allure_pytest.plugin", "pytest_playwright.pytest_playwright", "playwright.sync_api", "websockets.sync.client"),
    *("anyio._backends._asyncio", "httpcore", "mako.exceptions", "packaging.version", "rich._emoji_codes", "rich._unicode_data"),
)
"""What every command would import."""

WHOLE = ("_pytest", "fixtures", "flows", "launch", "products", "reports", "verdicts")
"""Packages of which all is imported that a command or a runner may need."""

APART = ("fixtures.replay", "products.cloudsuite.app", "products.cloudsuite.serve", "products.jupyterhub.serve", "products.template", "_pytest.faulthandler")
"""What of them is left alone: programs of their own, and what acts when it is imported."""


COMMAND = """#!{python} -IS
import json, os, socket, struct, sys
asked, number = socket.socket(socket.AF_UNIX), struct.Struct("!i")
asked.connect({address!r})
line = json.dumps({{"words": ["-m", "cli.main", *sys.argv[1:]], "environment": dict(os.environ), "session": False}}).encode() + b"\\n"
asked.sendall(line[socket.send_fds(asked, [line], [1]):])
answer = asked.makefile("rb")
answer.read(number.size)
ended = answer.read(number.size)
code = number.unpack(ended)[0] if ended else -9
sys.exit(code if code >= 0 else 128 - code)
"""
"""What stands for ``synthetics`` in a shell, and starts it warm: a tenth of the time of a new interpreter. What it prints as an error goes the same way."""

NUMBER = struct.Struct("!i")


@dataclass
class Asked:
    """What is to be started: ``-m MODULE ARGUMENT…``, as a session of its own or not."""

    words: Sequence[str]
    environment: Mapping[str, str]
    session: bool


@dataclass
class Started:
    """A process that was started warm; waited for as a `subprocess.Popen`."""

    words: Sequence[str]
    pid: int
    asked: socket.socket = field(repr=False)
    returncode: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        """Return its exit code; where a signal ended it, that signal's number, negative.

        Raises:
            subprocess.TimeoutExpired: it did not end in `timeout` seconds.
        """
        if self.returncode is None:
            ready, _, _ = select.select([self.asked], [], [], timeout)
            if not ready:
                raise subprocess.TimeoutExpired(list(self.words), timeout or 0.0)
            said = self.asked.recv(NUMBER.size)
            self.returncode = NUMBER.unpack(said)[0] if said else -signal.SIGKILL
            self.asked.close()
        return self.returncode

    def kill(self) -> None:
        """End it."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)


def start(address: str, words: Sequence[str], environment: Mapping[str, str], output: IO[bytes], *, session: bool = False) -> Started:
    """Start ``python -m MODULE ARGUMENT…`` warm, what it prints going to `output`.

    Raises:
        OSError: nobody answers at the address.
    """
    asked = socket.socket(socket.AF_UNIX)
    try:
        asked.connect(address)
        line = json.dumps({"words": list(words), "environment": dict(environment), "session": session}).encode() + b"\n"
        sent = socket.send_fds(asked, [line], [output.fileno()])
        asked.sendall(line[sent:])
        said = asked.recv(NUMBER.size)
        if not said:
            msg = f"nothing was started at {address}"
            raise ConnectionError(msg)
    except OSError:
        asked.close()
        raise
    return Started(words, NUMBER.unpack(said)[0], asked)


@contextmanager
def compiled() -> Iterator[None]:
    """Have all Python processes that are started until the block ends share what they compile, where writing it beside the sources is switched off."""
    if not os.environ.get("PYTHONDONTWRITEBYTECODE"):
        yield
        return
    with tempfile.TemporaryDirectory(prefix="compiled-") as folder, surroundings(PYTHONPYCACHEPREFIX=folder, PYTHONDONTWRITEBYTECODE=""):
        yield


@contextmanager
def surroundings(**settings: str) -> Iterator[None]:
    """Have these environment variables, for this process and those that it starts, until the block ends."""
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def command(folder: Path, address: str) -> Path:
    """Write a `synthetics` that starts warm into a folder, and return the folder, for PATH."""
    folder.mkdir()
    file = folder / "synthetics"
    file.write_text(COMMAND.format(python=sys.executable, address=address), encoding="utf-8")
    file.chmod(0o755)
    return folder


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Have a process ready to be forked until the block ends; yields its address.

    Raises:
        SuiteFault: it did not come up.
    """
    with tempfile.TemporaryDirectory(prefix="warm-") as short:  # a socket's path may have no more than 107 bytes
        address = str(Path(short) / "start")
        with (folder / "warm.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "cli.warm", address],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        assert process.stdin is not None
        assert process.stdout is not None
        with process.stdin, process.stdout:
            if not process.stdout.readline():
                msg = f"what starts the suite's commands warm did not come up; {folder / 'warm.log'} says why"
                raise SuiteFault(msg)
            yield address
        process.wait()


def load() -> None:
    """Import what is needed, and compile what pages are made of and what the history is asked."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for name in LOADED:
        importlib.import_module(name)
    for name in WHOLE:
        package = importlib.import_module(name)
        for each in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not each.name.startswith(APART) and not each.name.endswith("__main__"):
                importlib.import_module(each.name)
    templates = importlib.import_module("reports.site.page").templates()
    for name in templates.list_templates(filter_func=lambda name: name != "inbox.html"):  # that one is no run's
        templates.get_template(name)
    importlib.import_module("cli.tryout").go()
    look_once()
    gc.collect()
    gc.freeze()


def look_once() -> None:
    """Read once what is installed: it stays as it is, and pytest asks for all of it again with each plugin that it loads, ten times in a runner."""
    everything, entry_points = metadata.distributions, metadata.Distribution.entry_points
    found = tuple(everything())

    def distributions(**wanted: Any) -> Iterable[metadata.Distribution]:
        return everything(**wanted) if wanted else found

    metadata.distributions = distributions
    metadata.Distribution.entry_points = property(cache(entry_points.fget))  # type: ignore[attr-defined, assignment]
    metadata.entry_points()


def serve(address: str) -> Asked | None:
    """Fork for everybody who asks; returns what to become in the process that was forked, and None in this one, when its input ends."""
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen(64)
        print("ready", flush=True)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who keep
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for those who work
        while True:
            ready, _, _ = select.select([door.fileno(), 0], [], [])
            if 0 in ready:
                return None
            asked, _ = door.accept()
            if os.fork() == 0:
                door.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                return keep(asked)
            asked.close()


def keep(asked: socket.socket) -> Asked:
    """Fork what was asked for, and stay beside it until its end; returns in the process that was forked."""
    line, files, _, _ = socket.recv_fds(asked, 65536, 1)
    while not line.endswith(b"\n"):
        more = asked.recv(65536)
        if not more:
            os._exit(0)
        line += more
    wanted = Asked(**json.loads(line))
    ready, begun = os.pipe()
    process = os.fork()
    if process == 0:
        asked.close()
        become(wanted, files[0])
        os.write(begun, b".")
        os.close(begun)
        os.close(ready)
        return wanted
    os.close(files[0])
    os.close(begun)
    if not os.read(ready, 1):  # it never became what was asked for: nobody may take how it ended for its number
        os._exit(1)
    with contextlib.suppress(BrokenPipeError):
        asked.sendall(NUMBER.pack(process))
    ended = os.pidfd_open(process)
    heard, _, _ = select.select([asked.fileno(), ended], [], [])
    if ended not in heard:  # whoever asked is gone
        with contextlib.suppress(ProcessLookupError):
            if wanted.session:
                os.killpg(process, signal.SIGKILL)
            else:
                os.kill(process, signal.SIGTERM)
    _, status = os.waitpid(process, 0)
    with contextlib.suppress(OSError):
        asked.sendall(NUMBER.pack(os.waitstatus_to_exitcode(status)))
    os._exit(0)


def become(wanted: Asked, output: int) -> None:
    """Take on what makes a process one of its own."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if wanted.session:
        os.setsid()
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    for each in (1, 2):
        os.dup2(output, each)
    os.close(nothing)
    os.close(output)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    os.environ.clear()
    os.environ.update(wanted.environment)
    tempfile.tempdir = None  # it is looked up once, and TMPDIR has changed


@dataclass
class Leaving:
    """How a forked process ends once all that is to be done at its exit is done: at once.

    The interpreter would take apart every module first, and to touch them is to copy them: a fifth of what a short command takes.
    """

    code: int | None = None

    def __call__(self) -> None:
        """End the process, where it ended by itself: it has no more to say."""
        if self.code is not None:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(self.code)


def main() -> int:
    """Load, serve, and in a forked process be what was asked for."""
    leaving = Leaving()
    atexit.register(leaving)  # the first to be registered is the last to be called
    load()
    wanted = serve(sys.argv[1])
    if wanted is None:
        return 0
    _, module, *arguments = wanted.words
    sys.argv = [module, *arguments]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        if ended.code is None or isinstance(ended.code, int):
            leaving.code = ended.code or 0
        raise
    leaving.code = 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
