"""``synthetics lint``: check the chain risk → scenario → fault → owner → runbook, both ways."""

from __future__ import annotations

import argparse

from rich.console import Console

from cli import rehearse
from cli.list import products
from fixtures import target as targets
from launch import package
from rehearsal import catalogue
from rehearsal.chain import Chain
from rehearsal.stage import Known

HELP = "check the launch package: every risk has scenarios, faults, an owner and a runbook with commands, and the other way round"


def add(_: argparse.ArgumentParser) -> None:
    """Add no options."""


def run(_: argparse.Namespace) -> int:
    """Print what does not hold; 0 where all does, else 1."""
    console = Console(highlight=False)
    known: dict[str, Known] = {}
    for name in products().values():
        known = {**rehearse.scenarios(targets.load(name)), **known}
    chain = Chain(package.load(), package.place(), known, catalogue.every())
    problems = chain.problems()
    for problem in problems:
        console.print(problem, markup=False, soft_wrap=True)
    faults = sum(not each.control for each in chain.faults.values())
    console.print(
        f"{len(chain.launch.risks)} risks, {len(known)} scenarios, {faults} faults, {len(chain.faults) - faults} controls, {len(chain.launch.owners)} owners: "
        f"{f'{len(problems)} problems' if problems else 'the chain holds'}"
    )
    return 1 if problems else 0
