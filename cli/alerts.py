"""``synthetics alerts``: what is open, for how long, whose it is, who was told and why; and who has taken it."""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict

from rich.console import Console

from cli import chain
from launch.reading import BadInput
from reports.outbox import Desk
from reports.wording import lasting
from verdicts.history import alerts, outbox
from verdicts.history.alerts import Alert
from verdicts.history.outbox import Letter

HELP = "list the open alerts with age, owner, deliveries and why; take one with --acknowledge"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--target", help="only this target")
    parser.add_argument("--json", action="store_true", help="print JSON instead")
    parser.add_argument("--acknowledge", metavar="ID", type=int, help="write down that somebody has taken this alert, and tell those who were told of it")
    parser.add_argument("--by", metavar="NAME", help="who has taken it")


def run(options: argparse.Namespace) -> int:
    """Print, or take an alert."""
    console = Console(highlight=False)
    steps = chain.opened(console)
    now = time.time()
    if options.acknowledge is not None:
        if not options.by:
            raise BadInput("--acknowledge: saw nobody; allowed is the name of who takes the alert, with --by NAME")
        with steps.history.begin() as tx:
            known = {each.id for each in alerts.still_open(tx)}
            if options.acknowledge not in known:
                raise BadInput(
                    f"--acknowledge: saw {options.acknowledge}; allowed is the id of an open alert: {', '.join(map(str, sorted(known))) or 'none is open'}"
                )
            taken = Desk(steps.history, steps.launch, steps.name).acknowledge(tx, options.acknowledge, options.by, now)
        console.print(f"alert {taken.id} ({taken.scenario} on {taken.target}) is taken by {options.by}", markup=False)
        steps.tell()
        return 0
    with steps.history.reading() as tx:
        found = [(alert, outbox.of_alert(tx, alert.id)) for alert in alerts.still_open(tx, options.target)]
        waiting = len(outbox.pending(tx))
    if options.json:
        print(json.dumps([{**asdict(alert), "deliveries": [delivery(each) for each in letters]} for alert, letters in found], indent=2))
        return 0
    for alert, letters in found:
        show(alert, letters, now, console)
    console.print(f"{len(found)} open alerts, {waiting} messages waiting")
    return 0


def show(alert: Alert, letters: list[Letter], now: float, console: Console) -> None:
    """Print one alert."""
    taken = f", taken by {alert.acknowledged_by}" if alert.acknowledged_by else ""
    state = f"{', flapping' if alert.flapping else ''}{taken}{f', escalated {alert.level} times' if alert.level else ''}{', a drill' if alert.drill else ''}"
    console.print(f"[bold red]{alert.id}[/]  [bold]{alert.scenario}[/] on {alert.target}, {alert.severity}, {alert.failure}", soft_wrap=True)
    for line in (
        alert.title,
        f"open for {lasting(now - alert.opened)}, seen broken in {alert.runs} runs since {lasting(now - alert.since)}{state}; owner {alert.owner}",
        f"why: {alert.why}",
        *([f"error: {alert.error.splitlines()[0][:300]}"] if alert.error else []),
        f"surfaces: {', '.join(alert.surfaces) or '-'}; locations: {', '.join(alert.locations) or '-'}; runbook: {alert.runbook or '-'}",
        *(f"{each.kind} on '{each.channel}': {each.state}{f' after {each.tries} tries' if each.tries > 1 else ''} {each.said}".rstrip() for each in letters),
    ):
        console.print(f"      {line}", markup=False, soft_wrap=True)


def delivery(letter: Letter) -> dict[str, object]:
    """Return what became of one message."""
    return {"kind": letter.kind, "channel": letter.channel, "state": letter.state, "tries": letter.tries, "said": letter.said, "settled": letter.settled}
