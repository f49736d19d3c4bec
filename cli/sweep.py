"""``synthetics sweep``: remove from a target what runs left that are over. Every run does so at its end; this does it now, or says what it would do."""

from __future__ import annotations

import argparse
import time

from rich.console import Console

from cli import chain, spans
from fixtures import janitor, runs
from fixtures import live as lives
from fixtures import target as targets
from fixtures.target import Target
from launch.reading import BadInput
from reports.wording import lasting
from verdicts.history.ledger import Thing
from verdicts.history.store import StoreTrouble

HELP = "remove what runs that are over left behind in a target: what their ledgers name, and bears their mark; --dry-run only lists it"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--target", required=True, help="a table of targets.toml")
    parser.add_argument("--older", type=spans.seconds, default=janitor.AGE, help=f"than 30m, 4h, 2d (default: {lasting(janitor.AGE)})")
    parser.add_argument("--dry-run", action="store_true", help="ask the target nothing; list what would be removed")


def run(options: argparse.Namespace) -> int:
    """Remove, or list; 3 where something is left."""
    target = targets.load(options.target)
    if target.served:
        raise BadInput(f"--target: saw '{target.name}', which is served for its run and ends with it; allowed is a target with a url")
    console = Console(highlight=False)
    try:
        steps = chain.opened(console)
        if options.dry_run:
            return listed(steps.left(target, options.older), console)
        return swept(steps, target, options.older, console)
    except StoreTrouble as trouble:
        chain.told([f"synthetics sweep: {trouble}"])
        return 3


def listed(found: dict[str, list[Thing]], console: Console) -> int:
    """Say what would be removed, and what would not, without the mark of its run."""
    for run, things in found.items():
        for each in things:
            what = "would be removed" if janitor.marked(each.name, run) else "would stay: it does not bear the mark of its run"
            console.print(f"{each.kind} {each.name}, {each.state} {lasting(time.time() - each.at)} ago by run {run}: {what}", markup=False, soft_wrap=True)
    console.print(f"left: {sum(map(len, found.values()))}")
    return 0


def swept(steps: chain.Chain, target: Target, age: float, console: Console) -> int:
    """Remove it, after the target has said who it is."""
    number = runs.new_id()
    with lives.serving(target, number, runs.artifacts() / number) as live:
        with janitor.wired(target, live) as wiring:
            targets.product(target).version(wiring.client())
        gone, left = steps.sweep(target, live, age=age, within=janitor.WITHIN)
    for each in left:
        console.print(f"left: {each}", markup=False, soft_wrap=True)
    console.print(f"gone: {gone}, left: {len(left)}")
    return 3 if left else 0
