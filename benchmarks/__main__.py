"""`make bench`: every contest in one session, its contestants one after another, round by round; ratios are medians of the rounds.

CPU is exact for the whole process tree, browser and node included; memory is the peak of the tree's PSS (see `measured.py`). The stub that is driven
is a process of its own and counts for nobody. A rival with workers is tried with 4, 8 and 16 first, and runs with the count that was quickest.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import contestants
from benchmarks.contestants import PLACE, PLAYWRIGHT_TEST, ROOT, SUITE, Contestant, Cost, Stumbled, Task, measure, stub
from benchmarks.contests import CONTESTS, SWEEP, Contest
from fixtures import chromium
from verdicts.outcome import read

MIB = 1 << 20
GIB = 1 << 30
MEASURES = ("wall", "cpu", "memory")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, keep; the exit code is 1 where a bar is missed."""
    parts = [*(each.name for each in CONTESTS), "sweep"]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"what to measure (default: all): {', '.join(parts)}")
    parser.add_argument("--quick", action="store_true", help="a smoke run: few journeys, short waits, one round, no sweep unless it is asked for")
    parser.add_argument("--rounds", type=int, help="how often each contestant runs (default: 3)")
    parser.add_argument("--no-playwright-test", action="store_true", help="leave @playwright/test out, and with it npm")
    options = parser.parse_args(arguments)
    if unknown := set(options.parts) - set(parts):
        parser.error(f"no part {', '.join(sorted(unknown))}; allowed is any of {', '.join(parts)}")
    rounds = options.rounds or (1 if options.quick else 3)
    console = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 150)
    console.print(machine())
    results: dict[str, Any] = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine(), "rounds": rounds, "contests": {}}
    missed: list[str] = []
    table = begin()
    for contest in CONTESTS:
        if contest.name in (options.parts or parts):
            chosen = contest.smaller() if options.quick else contest
            if options.no_playwright_test:
                chosen = replace(chosen, rivals={who: bar for who, bar in chosen.rivals.items() if who is not PLAYWRIGHT_TEST})
            costs, workers = hold(chosen, rounds, console, try_workers=not options.quick)
            results["contests"][chosen.name] = {
                "title": chosen.title,
                "workers": workers,
                "costs": {who.name: [asdict(cost) for cost in each] for who, each in costs.items()},
            }
            missed += tell(table, chosen, costs, workers)
    if "sweep" in (options.parts or ([] if options.quick else parts)):
        results["sweep"] = sweep(table, console)
        missed += ["sweep"] if results["sweep"]["share"] > SWEEP else []
    console.print(table)
    console.print(f"missed: {'; '.join(missed)}" if missed else "every bar is met")
    file = ROOT / "artifacts" / f"bench-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({**results, "missed": missed}, indent=2) + "\n")
    console.print(f"results  {file}")
    return 1 if missed else 0


def hold(contest: Contest, rounds: int, console: Console, *, try_workers: bool) -> tuple[dict[Contestant, list[Cost]], dict[str, int]]:
    """Hold a contest: let everybody run once in each round, and return what each run took, and how many workers were chosen."""
    costs: dict[Contestant, list[Cost]] = {who: [] for who in contest.everybody}
    if PLAYWRIGHT_TEST in costs:
        contestants.installed()
    with stub(contest.active_after) as url:
        task = Task(contest.surface, contest.journeys, url)
        workers = {who: best(who, contest, task, console) if try_workers else who.workers[0] for who in costs if who.workers}
        for number in range(1, rounds + 1):
            for who, taken in costs.items():
                cost = attempt(who, replace(task, workers=workers.get(who, 1)))
                taken.append(cost)
                console.print(
                    f"  {contest.name} {number}/{rounds} {who.name}: {cost.wall:.2f} s, CPU {cost.cpu:.2f} s, {cost.memory / MIB:.0f} MB", style="dim"
                )
    return costs, {who.name: count for who, count in workers.items()}


def best(who: Contestant, contest: Contest, task: Task, console: Console) -> int:
    """Return the number of workers with which a contestant is quickest."""
    useful = [count for count in who.workers if count <= contest.journeys] or [1]
    if len(useful) == 1:
        return useful[0]
    tried = {count: attempt(who, replace(task, workers=count)) for count in useful}
    said = ", ".join(f"{count} workers {cost.wall:.1f} s and CPU {cost.cpu:.1f} s" for count, cost in tried.items())
    console.print(f"  {contest.name} {who.name}: {said}", style="dim")
    return min(tried, key=lambda count: tried[count].wall)


def attempt(who: Contestant, task: Task) -> Cost:
    """Let a contestant run once."""
    folder = PLACE / f"run-{time.monotonic_ns():x}"
    try:
        return measure(who.name, who.command(task, folder), who.environment(task))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def begin() -> Table:
    """Return the table, empty."""
    table = Table(title="What the suite takes, as a share of what a rival takes (medians; in brackets both, in seconds and MB)")
    for heading in ("what", "against", "wall", "CPU", "memory", "bar", "verdict"):
        table.add_column(heading)
    return table


def tell(table: Table, contest: Contest, costs: dict[Contestant, list[Cost]], workers: dict[str, int]) -> list[str]:
    """Add a contest to the table, and return what is missed."""
    missed = []
    for index, (who, taken) in enumerate(costs.items()):
        if who is SUITE:
            continue
        bar = contest.rivals.get(who)
        ratios = {each: median(getattr(ours, each) / getattr(theirs, each) for ours, theirs in zip(costs[SUITE], taken, strict=True)) for each in MEASURES}
        bars = {each: getattr(bar, each) for each in MEASURES if bar and getattr(bar, each) is not None}
        over = [f"{each} {ratios[each]:.2f} > {most:g}" for each, most in bars.items() if ratios[each] > most]
        missed += [f"{contest.name} against {who.name}: {', '.join(over)}"] if over else []
        table.add_row(
            contest.title if index == 1 else "",
            who.name + (f", {workers[who.name]} workers" if who.name in workers else ""),
            *(f"{ratios[each]:.2f}  ({middle(costs[SUITE], each)} / {middle(taken, each)})" for each in MEASURES),
            " / ".join(f"{most:g}" for most in bars.values()),
            ("MISSED " + ", ".join(over) if over else "pass") if bars else "",
            end_section=index == len(costs) - 1,
        )
    return missed


def middle(taken: list[Cost], what: str) -> str:
    """Return the median of what was taken."""
    found = median(getattr(cost, what) for cost in taken)
    return f"{found / MIB:.0f}" if what == "memory" else f"{found:.2f}"


def sweep(table: Table, console: Console) -> dict[str, Any]:
    """Sweep the embedded product once, and compare its wall with what it cannot go below."""
    cost = measure("sweep", [sys.executable, "-m", "cli.main", "run", "--target", "embedded"], {}, expected=(0, 1))
    said = (PLACE / "sweep.log").read_text()
    folder = Path(next(line for line in said.splitlines() if line.startswith("run ")).removeprefix("run").strip())
    outcomes = list(read(folder / "outcomes.jsonl"))
    longest = max(outcomes, key=lambda each: each.seconds)
    cores = len(os.sched_getaffinity(0))
    floor = max(longest.seconds, cost.cpu / cores)
    share = cost.wall / floor
    what = f"longest scenario {longest.scenario} ({longest.surface}) {longest.seconds:.1f} s; CPU {cost.cpu:.1f} s on {cores} cores"
    console.print(f"  sweep: {cost.wall:.1f} s; {what}", style="dim")
    bounds = f"{share:.2f}  ({cost.wall:.1f} / {floor:.1f})"
    table.add_row("the whole sweep", what, bounds, f"{cost.cpu:.1f} s", f"{cost.memory / MIB:.0f} MB", f"{SWEEP:g}", "pass" if share <= SWEEP else "MISSED")
    return {**asdict(cost), "longest": longest.seconds, "scenario": longest.scenario, "cores": cores, "share": share, "attempts": len(outcomes)}


def machine() -> str:
    """Say on what is measured."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout.strip() if shutil.which("node") else "none"
    cores = len(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    return (
        f"machine: {platform.system()} {platform.release()}, {cores} cores, {memory:.0f} GiB, load {load:.1f} before; "
        f"Python {platform.python_version()}, node {node}, browser {chromium.find().kind}"
    )


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Stumbled as stumbled:
        sys.exit(str(stumbled))
