"""The commands of a runbook: blocks that begin with ```` ```sh diagnose ````, ```` ```sh rollback ```` or ```` ```sh verify ````.

One that asks for what only one product has names that product: ```` ```sh diagnose cloudsuite ````. The others are for any.

People read them and paste them; a drill runs them as they stand, on the product that it has broken. What they stand for is in the environment:
``$URL``, ``$CA`` (the authority that vouches for it, where it is not a public one), ``$TARGET``, ``$OPERATOR_TOKEN``, ``$MAIL_DOMAIN`` (of the suite's
made-up people: the target's `mail_domain`), ``$SCENARIO`` (the one that went red) and ``$ROLLBACK`` (what puts the last good state back).
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PHASES = ("diagnose", "rollback", "verify")
BLOCK = re.compile(r"^```sh (?P<phase>\w+)(?: (?P<product>[\w-]+))?\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
WITHIN = 60.0
"""Seconds that one block may take."""


@dataclass(frozen=True)
class Command:
    """One block: what it is for, its text for ``sh``, and the product whose it is; empty is any."""

    phase: str
    text: str
    product: str = ""


@dataclass(frozen=True)
class Done:
    """What became of a block: exit code (-1: out of time), and what it printed."""

    exit: int
    said: str


def commands(file: Path, product: str) -> list[Command]:
    """Return the blocks of a runbook that a drill on a product runs before it is over: to diagnose, then to roll back."""
    return [each for each in blocks(file) if each.phase in {"diagnose", "rollback"} and each.product in {"", product}]


def blocks(file: Path) -> list[Command]:
    """Return every block that is marked with a phase, in order.

    Raises:
        ValueError: a block has a phase that nobody knows.
    """
    found = []
    for block in BLOCK.finditer(file.read_text(encoding="utf-8")):
        if block["phase"] not in PHASES:
            msg = f"{file}: a block is marked 'sh {block['phase']}'; allowed is one of {', '.join(PHASES)}"
            raise ValueError(msg)
        found.append(Command(block["phase"], block["text"].strip(), block["product"] or ""))
    return found


def run(command: Command, environment: Mapping[str, str]) -> Done:
    """Run a block as a person would paste it, and return what became of it."""
    try:
        done = subprocess.run(
            ["sh", "-eu", "-c", command.text],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=WITHIN,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        return Done(-1, f"not done within {WITHIN:g} s: {late.output or ''}")
    return Done(done.returncode, done.stdout)
