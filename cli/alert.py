"""``synthetics alert``: deliver what judgement has decided, until each receiver has it."""

from __future__ import annotations

import argparse

from rich.console import Console

from cli import beside, chain
from verdicts.history.store import StoreTrouble

HELP = "deliver the messages that wait in the outbox"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--wait", type=float, default=chain.RETRYING, help=f"seconds to wait for what may succeed later (default: {chain.RETRYING:g})")


def run(options: argparse.Namespace) -> int:
    """Deliver, and return 0, or 3 where no channel takes messages."""
    console = Console(highlight=False)
    try:
        steps = chain.opened(console)
        done = steps.tell(options.wait)
    except StoreTrouble as trouble:
        beside.store_failed(trouble, "every target", drill=chain.drilling())
        chain.told([f"synthetics alert: {trouble}"])
        return 3
    if done.busy:
        console.print("another process is delivering")
    for line in done.lines:
        console.print(f"{line.channel}: {line.sent} sent, {line.later} to be tried again, {line.dead} given up, {line.dropped} overtaken", markup=False)
    console.print(f"{done.waiting} waiting")
    chain.told(steps.troubles)
    return 3 if steps.troubles else 0
