"""A PostgreSQL of the tests' own: the installed one, or Debian's packages unpacked beside the checkout, with a cluster in a temporary folder.

No service is installed, and nothing listens on the network: the server is met on a socket in its folder, and ends with the tests however they end.
"""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from flows.waiting import Budget, eventually

ROOT = Path(__file__).parents[2]
UNPACKED = ROOT / ".venvs" / "postgresql"
ADVICE = "install PostgreSQL's server (Debian: apt-get install postgresql), or put its initdb on the PATH"
STARTING = Budget("starting", 60, 60)
SETTINGS = ("listen_addresses=", "fsync=off", "full_page_writes=off", "jit=off", "max_connections=60", "autovacuum=off", "log_min_messages=fatal")


@dataclass(frozen=True)
class Programs:
    """Where the server's programs are, and what they need in their environment."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)


def programs() -> Programs:
    """Return the server's programs: those of the PATH, of the system, or unpacked."""
    on_path = [Path(found).resolve().parent] if (found := shutil.which("initdb")) else []
    for folder in (*on_path, *newest(Path("/usr/lib/postgresql"))):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return Programs(folder)
    return fetched(UNPACKED)


def newest(at: Path) -> list[Path]:
    """Return the folders of programs below a place as Debian has it, the newest version first."""
    return sorted(at.glob("*/bin"), key=lambda each: float(each.parent.name), reverse=True)


def fetched(into: Path) -> Programs:
    """Download Debian's packages once, and unpack them into a folder; several sessions that want them wait for one."""
    into.parent.mkdir(parents=True, exist_ok=True)
    with into.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not into.is_dir():
            draft = into.with_suffix(".part")
            shutil.rmtree(draft, ignore_errors=True)
            (draft / "packages").mkdir(parents=True)
            unpack(draft)
            draft.rename(into)
    [folder, *_] = newest(into / "usr/lib/postgresql")
    libraries = [str(each) for each in into.glob("usr/lib/*-linux-*")] + [str(each) for each in into.glob("lib/*-linux-*")]
    return Programs(folder, {"LD_LIBRARY_PATH": ":".join(libraries)})


def unpack(into: Path) -> None:
    """Fetch the server's package, its client's, and the libraries that are missing here, and unpack them."""
    server = re.search(r"Depends: (postgresql-(\d+))$", said("apt-cache", "depends", "postgresql"), re.MULTILINE)
    if server is None:
        said("apt-get", "update", "-qq")
        server = re.search(r"Depends: (postgresql-(\d+))$", said("apt-cache", "depends", "postgresql"), re.MULTILINE)
    if server is None:
        pytest.fail(f"no package of PostgreSQL is known here; {ADVICE}", pytrace=False)
    needed = said("apt-cache", "depends", "--recurse", "--important", server[1])
    libraries = {name for name in re.findall(r"^(lib\S+)$", needed, re.MULTILINE) if not name.startswith("libllvm")}
    missing = sorted(name for name in libraries if not installed(name))
    wanted = [server[1], f"postgresql-client-{server[2]}", *missing]
    try:
        said("apt-get", "download", "-qq", *wanted, cwd=into / "packages")
    except subprocess.CalledProcessError:  # the lists are older than the archive
        said("apt-get", "update", "-qq")
        said("apt-get", "download", "-qq", *wanted, cwd=into / "packages")
    for package in (into / "packages").glob("*.deb"):
        said("dpkg", "-x", str(package), str(into))
        package.unlink()


def said(*command: str, cwd: Path | None = None) -> str:
    """Run a command, and return what it printed; say what to do instead where it is missing."""
    try:
        return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout
    except FileNotFoundError:
        pytest.fail(f"PostgreSQL is not installed, and {command[0]} is not here to fetch it; {ADVICE}", pytrace=False)


def installed(package: str) -> bool:
    """Tell whether a package is installed."""
    state = subprocess.run(["dpkg-query", "-W", "-f=${Status}", package], capture_output=True, text=True, check=False)
    return state.stdout.endswith(" installed")


@dataclass
class Cluster:
    """A running server. `folder` holds its data and its socket; `numbers` name its databases."""

    folder: Path
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def url(self, database: str) -> str:
        """Return the URL of a database, as the history is given it."""
        return f"postgresql://synthetics@/{database}?host={self.folder}"

    def database(self) -> str:
        """Make an empty database, and return its URL."""
        name = f"history_{next(self.numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run a statement outside of any transaction, and return its rows."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []


def name_of(url: str) -> str:
    """Return the name of the database in a URL of `Cluster`."""
    return url.partition("@/")[2].partition("?")[0]


def served_by() -> str | int:
    """Return who runs the server: it refuses to be run by root."""
    if os.geteuid() != 0:
        return os.geteuid()
    names = {each.pw_name for each in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def within_reach(found: Programs, user: str | int, folder: Path) -> Programs:
    """Return programs that this user may run: where the checkout is closed to others, a copy of what was unpacked there."""
    try:
        subprocess.run(
            [found.folder / "postgres", "--version"], user=user, cwd=folder, env={**os.environ, **found.environment}, check=True, capture_output=True
        )
    except PermissionError:
        copy = folder / "programs"
        shutil.copytree(UNPACKED, copy, symlinks=True)
        return fetched(copy)
    return found


@contextlib.contextmanager
def running() -> Iterator[Cluster]:
    """Make a cluster, serve it, and remove it."""
    found, user = programs(), served_by()
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, user)
        found = within_reach(found, user, folder)
        environment = {**os.environ, **found.environment, "LC_ALL": "C", "TZ": "UTC"}
        make = [found.folder / "initdb", "-D", folder / "data", "-U", "synthetics", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        made = subprocess.run(
            make, user=user, extra_groups=[] if os.geteuid() == 0 else None, env=environment, cwd=folder, capture_output=True, text=True, check=False
        )
        if made.returncode:
            pytest.fail(f"initdb of PostgreSQL failed: {made.stderr.strip()}; {ADVICE}", pytrace=False)
        with serving(found, user, folder, environment) as cluster:
            yield cluster
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def serving(found: Programs, user: str | int, folder: Path, environment: dict[str, str]) -> Iterator[Cluster]:
    """Serve a cluster's data; the kernel ends the server if this process is killed."""
    leash = ["setpriv", "--pdeathsig", "QUIT"] if shutil.which("setpriv") else []
    options = [word for setting in SETTINGS for word in ("-c", setting)]
    log = (folder / "log").open("w+")
    command = [*leash, found.folder / "postgres", "-D", folder / "data", "-k", folder, *options]
    server = subprocess.Popen(
        command, user=user, extra_groups=[] if os.geteuid() == 0 else None, env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log
    )
    cluster = Cluster(folder)

    def answers() -> str:
        if server.poll() is not None:
            return "dead"
        try:
            cluster.execute("SELECT 1")
        except psycopg.OperationalError:
            return "starting"
        return "up"

    try:
        eventually(answers, reaches="up", never={"dead"}, within=STARTING, of="PostgreSQL", state=str)
        yield cluster
    finally:
        server.send_signal(signal.SIGQUIT)  # at once: nobody needs its data any more
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        log.close()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """Serve a PostgreSQL for as long as the tests of this process run."""
    with running() as cluster:
        yield cluster
