"""``synthetics proofs``: for each risk, what the last rehearsal showed, on which build and when, and whether it still counts."""

from __future__ import annotations

import argparse
import json
import time

from rich.console import Console

from cli import chain, rehearse
from fixtures import target as targets
from launch import package
from rehearsal.assess import Mark
from reports.wording import lasting
from verdicts.history import proofs

HELP = "list for each risk the last proof that its alarm goes off, and whether an edit has made it stale"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--target", default="embedded", help="a table of targets.toml (default: embedded)")
    parser.add_argument("--json", action="store_true", help="print JSON instead")


def run(options: argparse.Namespace) -> int:
    """Print; 0 where every risk is proven and every proof counts, else 1."""
    console = Console(highlight=False)
    target = targets.load(options.target)
    grounds, launch, now = rehearse.rests(target), package.load(), time.time()
    with chain.opened(console).history.reading() as tx:
        known = proofs.of_each_fault(tx, target.name)
    rows = [
        {"risk": each.risk, "fault": each.fault, "verdict": each.verdict, "at": each.at, "build": each.build, "edits": grounds.edits(each)} for each in known
    ]
    unproven = [risk for risk in launch.risks if not any(each.risk == risk for each in known)]
    if options.json:
        print(json.dumps({"target": target.name, "proofs": rows, "unproven": unproven}, indent=2))
    else:
        for risk, entry in launch.risks.items():
            console.print(f"[bold]{risk}[/]  ", end="")
            console.print(entry.symptom, markup=False, style="dim", soft_wrap=True)
            for row in (each for each in rows if each["risk"] == risk):
                style = "green" if row["verdict"] == Mark.PROVEN and not row["edits"] else "yellow" if row["verdict"] == Mark.PROVEN else "bold red"
                console.print(f"    {row['fault']:8} {row['verdict']}{', stale' if row['edits'] else ''}", style=style, end="")
                console.print(f"  {lasting(now - float(str(row['at'])))} ago, {row['build']}", markup=False, style="dim", soft_wrap=True)
                for edit in row["edits"] if isinstance(row["edits"], list) else ():
                    console.print(f"             {edit}", markup=False, soft_wrap=True)
            if risk in unproven:
                console.print("    never rehearsed", style="bold red")
    good = [each for each in rows if each["verdict"] == Mark.PROVEN and not each["edits"]]
    if not options.json:
        console.print(
            f"{len(good)} of {len(rows)} proofs count; {len(unproven)} of {len(launch.risks)} risks were never rehearsed on '{target.name}'", markup=False
        )
    return 0 if len(good) == len(rows) and not unproven else 1
