"""``synthetics quarantine``: a scenario known to be unreliable goes on running, opens nothing, and leaves by itself after so many clean runs, or in time."""

from __future__ import annotations

import argparse
import time

from rich.console import Console

from cli import chain, spans
from launch.reading import BadInput
from reports.wording import lasting
from verdicts.history import windows

HELP = "a scenario known to be unreliable runs, and opens no alert, until it was clean for a while; lists what is in quarantine where nothing is asked"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("scenario", nargs="?", help="a scenario's id")
    parser.add_argument("--target", default="*", help="a target, or a pattern (default: *)")
    parser.add_argument("--for", dest="span", type=spans.seconds, help="how long at the most: 2d, 1w")
    parser.add_argument("--owner", help="who answers for it: an owner of launch/owners.toml")
    parser.add_argument("--reason", help="why")
    parser.add_argument("--issue", help="the link of the issue that will mend it")
    parser.add_argument("--clean-runs", type=int, default=5, help="after so many clean runs in a row it leaves (default: 5)")
    parser.add_argument("--end", metavar="ID", type=int, help="end this one now")


def run(options: argparse.Namespace) -> int:
    """Add, end or list."""
    console = Console(highlight=False)
    steps = chain.opened(console)
    now = time.time()
    if options.end is not None:
        with steps.history.begin() as tx:
            if not windows.end_quarantine(tx, options.end, now, "ended by hand"):
                raise BadInput(f"--end: saw {options.end}; allowed is the id of a quarantine that is not over; `synthetics quarantine` lists them")
        console.print(f"quarantine {options.end} is over")
        return 0
    if options.scenario is None:
        with steps.history.reading() as tx:
            found = windows.quarantines(tx, now)
        for each in found:
            said = f"ends in {lasting(each.expires - now)}, or after {each.clean_runs} clean runs; {each.owner}; {each.issue}"
            console.print(f"{each.id}  {each.scenario} on {each.target}, {said}", markup=False, soft_wrap=True)
        console.print(f"{len(found)} in quarantine")
        return 0
    missing = [name for name in ("span", "owner", "reason", "issue") if not getattr(options, name)]
    if missing:
        named = ", ".join(f"--{name}".replace("span", "for") for name in missing)
        raise BadInput(f"a quarantine has an end, an owner, a reason and an issue: saw no {named}; add them")
    if options.owner not in steps.launch.owners:
        raise BadInput(f"--owner: saw '{options.owner}'; allowed is one of {', '.join(steps.launch.owners)}")
    with steps.history.begin() as tx:
        made = windows.quarantine(
            tx,
            target=options.target,
            scenario=options.scenario,
            owner=options.owner,
            reason=options.reason,
            issue=options.issue,
            now=now,
            expires=now + options.span,
            clean_runs=options.clean_runs,
        )
    console.print(f"quarantine {made}: {options.scenario} on {options.target}, for {lasting(options.span)} at the most", markup=False)
    return 0
