"""``synthetics silence``: for a while, alerts that match do not open. What is watched goes on being watched, and what is open still closes."""

from __future__ import annotations

import argparse
import time

from rich.console import Console

from cli import chain, spans
from fixtures import target as targets
from launch.reading import BadInput
from reports.wording import lasting
from verdicts.history import windows

HELP = "for a while, alerts that match do not open (also for planned maintenance); lists what is silenced where nothing is asked"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--target", help="a target, or a pattern such as 'staging*'")
    parser.add_argument("--scenario", default="*", help="a scenario's id, or a pattern such as 'quota.*' (default: *)")
    parser.add_argument("--for", dest="span", type=spans.seconds, help="how long: 30m, 4h, 2d")
    parser.add_argument("--in", dest="delay", type=spans.seconds, default=0.0, help="when it begins, from now (default: now)")
    parser.add_argument("--owner", help="who answers for it: an owner of launch/owners.toml")
    parser.add_argument("--reason", help="why")
    parser.add_argument("--maintenance", action="store_true", help="it is planned maintenance")
    parser.add_argument("--end", metavar="ID", type=int, help="end this one now")


def run(options: argparse.Namespace) -> int:
    """Add, end or list."""
    console = Console(highlight=False)
    steps = chain.opened(console)
    now = time.time()
    if options.end is not None:
        with steps.history.begin() as tx:
            if not windows.expire(tx, options.end, now):
                raise BadInput(f"--end: saw {options.end}; allowed is the id of a silence that is not over; `synthetics silence` lists them")
        console.print(f"silence {options.end} is over")
        return 0
    if options.target is None:
        return listed(steps, now, console)
    missing = [name for name in ("span", "owner", "reason") if not getattr(options, name)]
    if missing:
        raise BadInput(f"a silence has an end, an owner and a reason: saw no {', '.join(f'--{name}'.replace('span', 'for') for name in missing)}; add them")
    if options.owner not in steps.launch.owners:
        raise BadInput(f"--owner: saw '{options.owner}'; allowed is one of {', '.join(steps.launch.owners)}")
    if not any(mark in options.target for mark in "*?[") and options.target not in targets.names():
        raise BadInput(f"--target: saw '{options.target}'; allowed is one of {', '.join(targets.names())}, or a pattern")
    kind = "maintenance" if options.maintenance else "silence"
    begins = now + options.delay
    with steps.history.begin() as tx:
        made = windows.silence(
            tx,
            kind=kind,
            target=options.target,
            scenario=options.scenario,
            owner=options.owner,
            reason=options.reason,
            now=now,
            starts=begins,
            ends=begins + options.span,
        )
    console.print(f"{kind} {made}: {options.scenario} on {options.target}, for {lasting(options.span)}, answered for by {options.owner}", markup=False)
    return 0


def listed(steps: chain.Chain, now: float, console: Console) -> int:
    """Print what is silenced, and what will be."""
    with steps.history.reading() as tx:
        found = windows.silences(tx, now)
    for each in found:
        when = f"begins in {lasting(each.starts - now)}" if each.starts > now else f"ends in {lasting(each.ends - now)}"
        console.print(f"{each.id}  {each.kind}: {each.scenario} on {each.target}, {when}; {each.owner}: {each.reason}", markup=False, soft_wrap=True)
    console.print(f"{len(found)} silences")
    return 0
