"""A copy of the house without scenarios and products of its own, for tests that run it for real: it writes nothing into the checkout."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

from flows.blame import ProductFault
from flows.waiting import Budget, eventually
from tests.products.tiny.server import Tiny, serving
from verdicts.outcome import Outcome, read

ROOT = Path(__file__).parents[1]
ROOMS = ("cli", "fixtures", "flows", "launch", "rehearsal", "reports", "verdicts")
TARGET = """
[tiny]
product = "tiny"
serve = true
owner = "operators"
mailbox = "folder:mail"
mail_domain = "people.example.com"
allow = ["read", "create", "destroy"]

[tiny.bounds]
accounts = 20
projects = 20
requests = 400
"""
HEAD = """
import os, signal
import pytest
from flows import signup
from flows.blame import *
from flows.contract.accounts import *
from flows.contract.billing import Billing
from flows.contract.driver import Surface
from flows.scenario import scenario
from flows.steps import step

"""
WITHIN = Budget("a test", 60, 60)


def house() -> dict[str, str]:
    """Return this process's environment without what belongs to the pytest that runs here."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "SYNTHETICS_", "COV_"))} | {"COLUMNS": "200"}


def scenario(name: str, body: str, *, fixture: str = "visitor", deadline: float = 60.0, **declared: str) -> str:
    """Write a scenario of the signup journey; what is declared otherwise goes in as it is written. A body of `pass` has one step, as a promise must."""
    body = "with step('it looks'):\n    pass" if body == "pass" else body
    said = {"owner": "'growth'", "risk": "'nobody-can-start'", "severity": "'critical'", "failure": "'availability'", "needs": "(SignUp,)"} | declared
    arguments = ", ".join([repr(said.pop("id", f"signup.{name}")), *(f"{key}={value}" for key, value in said.items() if key != "doc"), f"deadline={deadline}"])
    doc = said.get("doc", f'"""The promise of {name}."""')
    lines = indent(dedent(f"{doc}\n") + dedent(body), "    ")
    return f"@scenario({arguments})\ndef test_{name.replace('-', '_')}({fixture}):\n{lines}\n\n"


@dataclass
class Tree:
    """The copy: `folder` is its root; `own` stands beside it and holds what a user of the suite writes."""

    folder: Path
    own: Path
    environment: dict[str, str] = field(default_factory=house)

    def scenarios(self, *texts: str, journey: str = "signup", file: str = "test_them.py") -> None:
        """Write scenarios into a file of a journey."""
        place = self.folder / "synthetics" / journey
        place.mkdir(parents=True, exist_ok=True)
        (place / file).write_text(HEAD + "".join(texts))

    def targets(self, text: str = TARGET) -> Path:
        """Write a file of targets outside the tree, and point the suite to it."""
        file = self.own / "targets.toml"
        file.write_text(text)
        self.environment["SYNTHETICS_TARGETS"] = str(file)
        return file

    def start(self, *words: str, **more: Any) -> subprocess.Popen[str]:
        """Start `python -m` with these words here."""
        command = [sys.executable, "-m", *words]
        return subprocess.Popen(
            command, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more
        )

    def ended(self, *words: str, within: float = 120.0) -> subprocess.CompletedProcess[str]:
        """Run `python -m` with these words to its end."""
        with self.start(*words) as process:
            try:
                out, err = process.communicate(timeout=within)
            except subprocess.TimeoutExpired:
                process.kill()
                out, err = process.communicate()
                raise AssertionError(f"{words} did not end within {within} s\n{out}\n{err}") from None
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `synthetics run` on Tiny to its end."""
        return self.ended("cli.main", "run", "--target", "tiny", *words)

    @property
    def latest(self) -> Path:
        """The folder of the latest run."""
        return (self.folder / "artifacts" / "latest").resolve()

    def record(self) -> dict[str, Any]:
        """Read ``run.json``."""
        return dict(json.loads((self.latest / "run.json").read_text()))

    def outcomes(self) -> list[Outcome]:
        """Read the outcomes."""
        return list(read(self.latest / "outcomes.jsonl"))

    def ends(self) -> dict[tuple[str, int], str]:
        """Return the status of each attempt by the scenario's name behind the dot, and the attempt's number."""
        return {(each.scenario.partition(".")[2], each.attempt): str(each.status) for each in self.outcomes()}

    def told(self, event: str) -> list[dict[str, Any]]:
        """Return the events of a kind in the journal of the latest run."""
        journal = self.latest / "journal.jsonl"
        lines = journal.read_text().splitlines() if journal.exists() else []
        return [each for each in map(json.loads, lines) if each["event"] == event]

    def await_told(self, event: str, **facts: object) -> dict[str, Any]:
        """Wait until the journal tells of something."""

        def found() -> list[dict[str, Any]]:
            return [each for each in self.told(event) if facts.items() <= each.items()]

        return eventually(found, reaches=True, within=WITHIN, of=f"the event '{event}'", state=bool)[0]


def plant(folder: Path, own: Path, rooms: tuple[str, ...] = ROOMS) -> Tree:
    """Copy the house, and Tiny beside it."""
    folder.mkdir(parents=True)
    for room in rooms:
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("site") if room == "none" else None)
    for file in ("conftest.py", "pyproject.toml", "targets.toml"):
        shutil.copy2(ROOT / file, folder / file)
    (folder / "products").mkdir()
    for file in (ROOT / "products").glob("*.py"):
        shutil.copy2(file, folder / "products" / file.name)
    (folder / "products" / "cloudsuite").mkdir()
    for name in ("__init__.py", "serve.py"):  # the ground of a rehearsal serves it; it is no product here without its product.py
        shutil.copy2(ROOT / "products" / "cloudsuite" / name, folder / "products" / "cloudsuite" / name)
    (folder / "synthetics").mkdir()
    own.mkdir(parents=True)
    (own / "mail").mkdir()
    shutil.copytree(ROOT / "tests" / "products" / "tiny", own / "tiny", ignore=shutil.ignore_patterns("__pycache__"))
    tree = Tree(folder, own)
    tree.targets()
    return tree


@contextmanager
def beside(tree: Tree) -> Iterator[Tiny]:
    """Serve Tiny in this process for a tree's target, so that a test sees what reaches the product and what is left in it."""
    with serving() as tiny:
        tree.targets(TARGET.replace("serve = true", f'url = "{tiny.url}"'))
        yield tiny


def alive(mark: str) -> dict[int, str]:
    """Return the processes whose command line or environment holds `mark`, with their command lines; this one and zombies are left out."""
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            command, environment = (place / "cmdline").read_bytes(), (place / "environ").read_bytes()
        except OSError:
            continue
        if mark.encode() in command + environment and int(place.name) != os.getpid() and command:
            found[int(place.name)] = command.replace(b"\0", b" ").decode(errors="replace")
    return found


def await_gone(mark: str, within: float = 10.0) -> None:
    """Wait until nothing that bears `mark` is alive; end what is left, so that a failing test leaves nothing behind."""
    try:
        eventually(
            lambda: alive(mark),
            reaches="gone",
            within=Budget("ending", within, within),
            of="what the run started",
            state=lambda left: (left and "there") or "gone",
        )
    except ProductFault:
        left = alive(mark)
        for number in left:
            os.kill(number, signal.SIGKILL)
        raise AssertionError(f"still alive after {within:g} s: {left}") from None


def elapsed(began: float) -> float:
    """Seconds since."""
    return time.monotonic() - began


def environment_of(tree: Tree, more: Mapping[str, str]) -> None:
    """Add to what the tree's processes are given."""
    tree.environment.update(more)
