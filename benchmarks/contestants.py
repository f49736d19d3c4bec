"""Who makes the journeys: this suite, @playwright/test, and bare scripts; each a command and an environment."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cli.supervisor import loading
from fixtures import chromium
from flows.contract.driver import Surface

HERE = Path(__file__).parent
ROOT = HERE.parent
PLACE = ROOT / ".run" / "bench"
"""Where the rival is installed and everybody writes; ignored by git."""

RIVAL = HERE / "rivals" / "playwright"
INSTALLED = PLACE / "playwright"
TOKEN = "the-operator"  # noqa: S105 -- the stub's, who guards nothing
TARGETS = """
[stub]
product = "{here}/stub"
url = "{url}"
owner = "operators"
mailbox = "folder:{place}/mail"
mail_domain = "people.example.com"
allow = ["read", "create", "destroy", "operate"]
[stub.bounds]
accounts = 1000
projects = 1000
requests = 100000
[stub.budgets]
provisioning = {{ expected = 60, limit = 60 }}
[stub.secrets]
operator_token = {{ env = "STUB_OPERATOR_TOKEN" }}
"""


@dataclass(frozen=True)
class Task:
    """What a contestant has to do: so many journeys on a surface, against the stub at `url`; `workers` for those who have workers."""

    surface: Surface
    journeys: int
    url: str
    workers: int = 1


@dataclass(frozen=True)
class Cost:
    """What it took: seconds of wall and CPU, peak memory in bytes."""

    wall: float
    cpu: float
    memory: int


@dataclass(frozen=True)
class Contestant:
    """Somebody who makes journeys. `workers` are the counts to choose from."""

    name: str
    command: Callable[[Task, Path], Sequence[str]]
    environment: Callable[[Task], dict[str, str]] = field(default=lambda _: {})
    workers: tuple[int, ...] = ()


class Stumbled(Exception):  # noqa: N818 -- named for what happened
    """A contestant did not make its journeys; the message holds the end of what it said."""


def measure(who: str, command: Sequence[str], environment: dict[str, str], *, expected: tuple[int, ...] = (0,)) -> Cost:
    """Run a command to its end and return what it took.

    Raises:
        Stumbled: its exit code is none of those expected.
    """
    PLACE.mkdir(parents=True, exist_ok=True)
    result, log = PLACE / "measured.json", PLACE / f"{who.replace(' ', '-').replace('/', '')}.log"
    wrapper = [sys.executable, "-I", "-S", str(HERE / "measured.py"), str(result), str(log), *command]
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}  # a cold check is a new process, not a new checkout
    subprocess.run(wrapper, cwd=ROOT, env={**inherited, **environment}, check=True)
    found = json.loads(result.read_text())
    if found["code"] not in expected:
        msg = f"{who} ended with {found['code']}; {log} ends:\n{log.read_text(errors='replace')[-2000:]}"
        raise Stumbled(msg)
    return Cost(wall=found["wall"], cpu=found["cpu"], memory=found["memory"])


@contextmanager
def stub(active_after: float) -> Iterator[str]:
    """Serve the stub, in which a project becomes active after so many seconds, and yield its address."""
    command = [sys.executable, "-I", str(HERE / "stub" / "server.py"), "--active-after", str(active_after)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        word, _, url = process.stdout.readline().strip().partition(" ")
        assert word == "ready", f"the stub said {word!r}"
        try:
            yield url
        finally:
            process.terminate()


def suite_environment(task: Task) -> dict[str, str]:
    """Point the suite to a file of targets of our own."""
    targets = PLACE / "targets.toml"
    (PLACE / "mail").mkdir(parents=True, exist_ok=True)
    targets.write_text(TARGETS.format(url=task.url, place=PLACE, here=HERE))
    return {
        "SYNTHETICS_TARGETS": str(targets),
        "STUB_OPERATOR_TOKEN": TOKEN,
        "JOURNEYS": str(task.journeys),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }


def suite_command(task: Task, folder: Path) -> list[str]:
    """Be what `synthetics run` starts: pytest with all that belongs to a run."""
    folder.mkdir(parents=True)
    surface = ["--surface", task.surface.value]
    return [
        sys.executable, "-m", "pytest", "benchmarks/journeys", *loading(surface), "--target", "stub", *surface,
        "--run-folder", str(folder), "--alluredir", str(folder / "allure-results"),
        "--lanes", str(task.journeys), "--color=no", "-q",
    ]  # fmt: skip


def command_line(task: Task, folder: Path) -> list[str]:
    """Be `synthetics run`: supervisor, runner, clean-up and reports. It chooses its folder itself."""
    del folder
    return [
        sys.executable, "-m", "cli.main", "run", "--target", "stub", "--surface", task.surface.value, "--lanes", str(task.journeys), "--no-confirm",
        "--", "benchmarks/journeys", "-k", "test_journey",
    ]  # fmt: skip


@cache
def installed() -> Path:
    """Install @playwright/test by its lock file where that has not been done, and return its command."""
    if shutil.which("npm") is None:
        msg = "npm is missing: install Node.js 20 or later, or leave the rival out (--no-playwright-test)"
        raise SystemExit(msg)
    lock = RIVAL / "package-lock.json"
    done = INSTALLED / "node_modules" / ".lock-of-the-bench"
    if not done.exists() or done.read_bytes() != lock.read_bytes():
        INSTALLED.mkdir(parents=True, exist_ok=True)
        for each in ("package.json", "package-lock.json"):
            shutil.copy(RIVAL / each, INSTALLED / each)
        environment = {**os.environ, "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1"}
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=INSTALLED, env=environment, check=True)
        shutil.copy(lock, done)
    for each in RIVAL.glob("*.js"):
        shutil.copy(each, INSTALLED / each.name)
    return INSTALLED / "node_modules" / "@playwright" / "test" / "cli.js"


def playwright_test(task: Task, folder: Path) -> list[str]:
    """Be @playwright/test."""
    del folder
    config = INSTALLED / "playwright.config.js"
    return ["node", str(installed()), "test", f"{task.surface}.spec.js", "--config", str(config), f"--workers={task.workers}"]


def playwright_test_environment(task: Task) -> dict[str, str]:
    """Give it the same Chromium."""
    options = chromium.launch_options()
    return {
        "STUB": task.url,
        "JOURNEYS": str(task.journeys),
        "RIVAL_OUTPUT": str(PLACE / "playwright-results"),
        "CHROMIUM": options["executable_path"],
        "CHROMIUM_ARGUMENTS": json.dumps(options["args"]),
    }


def bare_script(task: Task, folder: Path) -> list[str]:
    """Be a script that does nothing else."""
    del folder
    if task.surface is Surface.API:
        return [sys.executable, str(HERE / "rivals" / "bare_api.py"), task.url, str(task.journeys)]
    options = chromium.launch_options()
    return [sys.executable, str(HERE / "rivals" / "bare_browser.py"), task.url, str(task.journeys), options["executable_path"], *options["args"]]


SUITE = Contestant("suite", suite_command, suite_environment)
RUN = Contestant("synthetics run", command_line, suite_environment)
PLAYWRIGHT_TEST = Contestant("@playwright/test", playwright_test, playwright_test_environment, workers=(4, 8, 16))
BARE = Contestant("bare script", bare_script)
FRUGAL = Contestant("bare script, one SSL context", bare_script, lambda _: {"TRUST": "shared"})
