"""``synthetics rehearse``: break things on purpose, and see each risk detected by the right scenario, told to the right owner, and over after the rollback."""

from __future__ import annotations

import argparse
import ipaddress
import os
import shlex
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from rich.console import Console

from cli import chain, warm
from cli import list as listing
from fixtures import runs
from fixtures import target as targets
from fixtures.target import Target
from flows.blame import SuiteFault
from launch import package
from launch.package import Launch
from launch.reading import BadInput, Table
from rehearsal import catalogue, evidence, figures, report
from rehearsal.assess import FULL, Mark, Verdict, assess
from rehearsal.board import Board
from rehearsal.drill import HISTORY, Drill, side_by_side
from rehearsal.events import read
from rehearsal.evidence import Rests
from rehearsal.fault import Fault, Layer
from rehearsal.ground import Ground, GroundTrouble, served
from rehearsal.joint import Joint, joined
from rehearsal.report import About
from rehearsal.stage import Known, Process, Stage, Start, cold
from rehearsal.watchdog import watching
from rehearsal.wire.installation import InstallationFailed
from rehearsal.wire.proxy import Loaded, WireFailed, loaded
from verdicts.history import proofs
from verdicts.history.store import History

HELP = "inject faults, and prove that each is detected by the right scenario, told to the right owner in time, and over after the rollback"

MARKS = {
    Mark.PROVEN: "[green]proven[/]",
    Mark.MISSED: "[bold red]MISSED[/]",
    Mark.FALSE_ALARM: "[bold red]FALSE ALARM[/]",
    Mark.CANNOT_TELL: "[magenta]cannot tell[/]",
}

UNSEEN = "[yellow]not detected[/]"
"""A fault at a lower intensity than the whole: it was asked how little is detected, and this is less."""
AT_ONCE = 3 * (os.cpu_count() or 1)
"""Drills spend two thirds of their time waiting for what the product does by and by. With more of them, the product that they share is no longer in time."""

OWN, LATE = 0.1, 0.35
"""The share of all drills behind which the first one with a product of its own begins, and the first one with a browser."""

SHARED = 6
"""From so many drills on a shared ground on, one look at the beginning is cheaper than one for each."""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--target", default="embedded", help="a table of targets.toml (default: embedded)")
    parser.add_argument("--fault", action="append", default=[], metavar="ID", help="only this fault, with its variants, or control; may be given again")
    parser.add_argument("--journey", action="append", default=[], help="only faults of this journey")
    parser.add_argument("--risk", action="append", default=[], help="only faults that stand for this risk of launch/risks.toml")
    parser.add_argument("--layer", action="append", default=[], choices=[each.value for each in Layer], help="A application, W wire, E environment, M monitor")
    parser.add_argument("--doses", action="store_true", help="try the lower intensities of each fault, too: what is the least that is detected?")
    parser.add_argument("--wide", action="store_true", help="try every scenario in each drill, not only what its fault names and some of its journey")
    parser.add_argument("--at-once", type=int, default=AT_ONCE, metavar="N", help=f"so many drills side by side (default: three a core, here {AT_ONCE})")
    parser.add_argument("--again", metavar="FOLDER", type=Path, help="judge an earlier rehearsal anew from its recorded events; nothing is run")
    parser.add_argument("--list", action="store_true", help="print the catalogue, and run nothing")


def run(options: argparse.Namespace) -> int:
    """Rehearse, write the report, and return the exit code."""
    console = Console(highlight=False)
    if options.again:
        verdicts = again(options.again)
        report.write(options.again, About.read(options.again), verdicts)
        return told(verdicts, options.again, console)
    target = targets.load(options.target)
    chosen = select(options, target)
    if options.list:
        for fault in chosen:
            console.print(f"{fault.id:12} {fault.layer} {fault.journey:14} {fault.title}", markup=False, soft_wrap=True)
        return 0
    allowed(target, chosen)
    launch = package.load()
    record = runs.new_id()
    folder = runs.artifacts() / record / "rehearsal"
    folder.mkdir(parents=True)
    began = time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: what is broken is mended on the way out
    try:
        with warm.compiled(), ExitStack() as stack:
            stage = staged(target, launch, record, folder, *warmed(folder, stack), wired(chosen, stack))
            drills = list(prepared(stage, chosen, target, options, stack))
            console.print(f"{len(drills)} drills on '{target.name}', {options.at_once} side by side")
            with looking(stage, drills, console):
                side_by_side(spread(joined([each for each in drills if not alone(each, target)], stage)), options.at_once, lambda turn: play(turn, console))
                side_by_side(spread([each for each in drills if alone(each, target)]), 1, lambda turn: play(turn, console))
    except GroundTrouble as trouble:
        raise SuiteFault(str(trouble)) from trouble
    verdicts = [assess(list(read(each.events.file))) for each in drills]
    about = About(record, target.name, target.cadence, tuple(sorted(stage.scenarios)), time.monotonic() - began, shlex.join(["synthetics", *sys.argv[1:]]))
    report.write(folder, about, verdicts)
    remember(verdicts, stage, target, console)
    return told(verdicts, folder, console)


def warmed(folder: Path, stack: ExitStack) -> tuple[Start, Path | None]:
    """Return how a command starts warm, and where a shell finds `synthetics` that does; as any other where the system cannot tell how it ended (Linux can)."""
    if sys.platform != "linux":
        return cold, None
    address = stack.enter_context(warm.serving(folder))

    def start(words: Sequence[str], environment: Mapping[str, str], output: IO[bytes]) -> Process:
        return warm.start(address, words, {**environment, warm.VARIABLE: address}, output)

    return start, warm.command(folder / "bin", address)


def wired(chosen: Sequence[Fault], stack: ExitStack) -> Loaded | None:
    """Return what the proxies of these faults are forked from; none where no fault is on the wire, or there can be no proxy, which each of its drills tells."""
    if not any(each.rules for each in chosen):
        return None
    try:
        return stack.enter_context(loaded())
    except (InstallationFailed, WireFailed):
        return None


def alone(drill: Drill, target: Target) -> bool:
    """Tell whether a drill disturbs all others: it asks for a product of its own, and there is but the one at the target's address."""
    return drill.fault.exclusive and not target.served


def remember(verdicts: list[Verdict], stage: Stage, target: Target, console: Console) -> None:
    """Write into the history what was shown of each risk."""
    shown = evidence.proofs(verdicts, rests(target, stage.scenarios), stage.rehearsal)
    with chain.opened(console).history.begin() as tx:
        for each in shown:
            proofs.add(tx, each)


def rests(target: Target, known: Mapping[str, Known] | None = None) -> Rests:
    """Return what proofs on this target rest on."""
    named = Path(product(target))
    return Rests(
        launch=package.load(),
        place=package.place(),
        scenarios=known or scenarios(target),
        faults=catalogue.every(),
        product=named if named.is_absolute() else targets.ROOT / "products" / named,
    )


def looks(stage: Stage, drills: list[Drill]) -> list[Drill]:
    """Return what sees once that all is well, for the many drills that share a ground; few look by themselves, and so does each that is not all green."""
    sharing = [each for each in drills if not each.fault.exclusive]
    if len(sharing) < SHARED:
        return []
    found = []
    for surface in ("api", "browser"):
        wanted = {name for each in sharing if each.fault.surfaces == (surface,) for name in stage.tried(each.fault, wide=each.wide)}
        if wanted:
            first = Fault(f"baseline-{surface}", "Nothing is broken yet.", Layer.ENVIRONMENT, "", only=tuple(sorted(wanted)), surfaces=(surface,))
            full = {"lanes": stage.table["lanes"]} if surface == "api" and "lanes" in stage.table else {}
            found.append(Drill(first, stage, sharing[0].grounds, stage.folder / "baseline" / surface, sharing[0].dog, changed=full))
            stage.looking[surface] = threading.Event()
    return found


@contextmanager
def looking(stage: Stage, drills: list[Drill], console: Console) -> Iterator[None]:
    """Look by API, which is quick, before the first drill, and with the browser beside those that need not wait for it."""

    def look(each: Drill) -> None:
        each.baseline()
        [surface] = each.fault.surfaces
        kept = sum(at == surface for _, at in stage.green)
        console.print(f"  before anything is broken, {surface}: {kept} scenarios are kept", markup=False)

    threads = [threading.Thread(target=look, args=(each,), name=each.fault.surfaces[0]) for each in looks(stage, drills)]
    for each in threads:
        each.start()
        if each.name == "api":
            each.join()
    try:
        yield
    finally:
        for each in threads:
            each.join()


def play(turn: Drill | Joint, console: Console) -> list[Drill | Joint]:
    """Play what has its turn, print what became of each drill of it that has ended, and return the others, which are to be played by themselves."""
    ended: list[Drill] = []
    alone: list[Drill] = []
    if isinstance(turn, Joint):
        ended, alone = turn.play()
    else:
        turn.play()
        ended = [turn]
    for each in ended:
        say(assess(list(read(each.events.file))), console)
    return [*alone]


def spread(turns: Sequence[Drill | Joint]) -> list[Drill | Joint]:
    """Return them in the order of their turns: those that weigh more, by a product of their own or a browser, evenly among the others.

    Those with a browser begin late: until then the look with the browser is over, for which they wait.
    """
    placed: list[tuple[float, Drill | Joint]] = []
    for start in (0.0, OWN, LATE):
        some = [each for each in turns if begins(each) == start]
        placed += [(start + (1 - start) * place / len(some), each) for place, each in enumerate(some)]
    return [each for _, each in sorted(placed, key=lambda placed: placed[0])]


def begins(turn: Drill | Joint) -> float:
    """Return the share of all turns behind which the first of its kind begins."""
    if isinstance(turn, Joint):
        return 0.0
    if turn.fault.exclusive:
        return OWN
    return LATE if turn.fault.surfaces == ("browser",) else 0.0


def select(options: argparse.Namespace, target: Target) -> list[Fault]:
    """Return the faults that are asked for and can be had on this target.

    Raises:
        BadInput: nothing is left.
    """
    known = catalogue.every()
    asked = catalogue.chosen(options.fault, known) if options.fault else list(known.values())
    found = [
        each
        for each in asked
        if (not options.journey or each.journey in options.journey)
        and (not options.risk or each.risk in options.risk)
        and (not options.layer or each.layer.value in options.layer)
        and (not each.products or target.product in each.products)
    ]
    if not found:
        journeys, risks = sorted({each.journey for each in known.values()}), sorted({each.risk for each in known.values() if each.risk})
        raise BadInput(
            f"no fault is left of what was asked for on '{target.name}' ({target.product}); allowed are journeys {', '.join(journeys)}; "
            f"risks {', '.join(risks)}"
        )
    return found


def allowed(target: Target, chosen: list[Fault]) -> None:
    """Refuse a target that is not armed for the layers of these faults; one that others use needs a person to confirm.

    Raises:
        BadInput: says what to write into targets.toml, or that nobody is there to confirm.
    """
    if target.served:
        return
    for layer in sorted({each.layer.value for each in chosen}):
        if layer not in target.rehearse:
            raise BadInput(
                f"{target.file}: {target.name}.rehearse: saw {list(target.rehearse)}; allowed is a list of the layers that may be broken on this target, "
                f"with '{layer}' in it for what was asked; add it if nobody is harmed, or choose other faults with --layer"
            )
    if not loopback(target.url or ""):
        if not sys.stdin.isatty():
            raise BadInput(f"--target {target.name}: saw a product that others may use, and nobody at the terminal; allowed is a person who confirms")
        print(f"{len(chosen)} faults are going to be injected for '{target.name}' at {target.url}.\nType the target's name to go on: ", end="", flush=True)
        if sys.stdin.readline().strip() != target.name:
            raise BadInput(f"--target {target.name}: it was not confirmed; nothing was injected")


def loopback(url: str) -> bool:
    """Tell whether an address is on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def staged(target: Target, launch: Launch, record: str, folder: Path, start: Start, commands: Path | None, wires: Loaded | None) -> Stage:
    """Return what all drills share."""
    table: dict[str, Any] = Table.load(target.file).everything()[target.name]
    blank = folder / HISTORY
    History.open(f"sqlite:///{blank}").close()
    return Stage(
        rehearsal=record,
        folder=folder,
        target=target.name,
        table={**table, "product": product(target)},
        launch=launch,
        place=package.place(),
        scenarios=scenarios(target, start),
        cadence=target.cadence,
        start=start,
        commands=commands,
        blank=blank,
        wires=wires,
    )


def scenarios(target: Target, start: Start = cold) -> dict[str, Known]:
    """Return the scenarios that apply to a target, each with the surfaces on which it does."""
    known: dict[str, Known] = {}
    for each in listing.collect(target.name, start):
        if each["lacking"]:
            continue
        before = known.get(each["scenario"])
        known[each["scenario"]] = Known(
            scenario=each["scenario"],
            function=each["nodeid"].rpartition("::")[2].partition("[")[0],
            journey=each["journey"],
            owner=each["owner"],
            severity=each["severity"],
            risk=each["risk"],
            surfaces=(*(before.surfaces if before else ()), each["surface"]),
            file=each["nodeid"].partition("::")[0],
        )
    return known


def product(target: Target) -> str:
    """Return the product's name, or the whole path of its folder where it is one's own."""
    folder = target.file.parent / target.product
    return str(folder.resolve()) if (folder / "product.py").is_file() else target.product


def prepared(stage: Stage, chosen: list[Fault], target: Target, options: argparse.Namespace, stack: ExitStack) -> Iterator[Drill]:
    """Yield the drills, each with the ground that it asks for: the shared one, or one of its own when its turn comes."""
    dog = stack.enter_context(watching(stage.folder))
    shared = stack.enter_context(ground(target, stage.folder / "ground")) if any(not each.exclusive for each in chosen) else None

    def grounds(drill: Drill) -> AbstractContextManager[Ground]:
        if not drill.fault.exclusive and shared is not None:
            return nullcontext(shared)
        folder = drill.folder / "ground"
        return ground(target, folder, drill.fault.surroundings(folder) if drill.fault.surroundings else None)

    for fault in chosen:
        for dose in [each for each in fault.doses if options.doses or each == max(fault.doses)]:
            name = fault.id if dose == FULL else f"{fault.id}-{dose}"
            yield Drill(fault, stage, grounds, stage.folder / "drills" / name, dog, dose=dose, wide=options.wide)


def ground(target: Target, folder: Path, settings: Mapping[str, str] | None = None) -> AbstractContextManager[Ground]:
    """Give the ground: the embedded product served for the rehearsal, or the product that runs at the target's address."""
    if target.served:
        return served(folder, settings)
    secrets = targets.require_secrets(target)
    mailbox = targets.mailbox(target, secrets)
    return nullcontext(
        Ground(
            product=target.product,
            url=target.url or "",
            ca=target.ca,
            secrets=secrets,
            mail=Path(mailbox.partition(":")[2]) if mailbox.startswith("folder:") else None,
            board=Board(folder / "board"),
            folder=folder,
        )
    )


def say(verdict: Verdict, console: Console) -> None:
    """Print what became of one drill."""
    took = f", {verdict.clock.to_detect:.0f} s from live to received" if verdict.clock.to_detect is not None else ""
    mark = UNSEEN if figures.unseen(verdict) else MARKS[verdict.mark]
    console.print(f"  {mark} [bold]{verdict.drill}[/] [dim]{verdict.layer}, {verdict.seconds:.0f} s{took}[/]  ", end="")
    console.print(verdict.title, markup=False, soft_wrap=True)
    if verdict.expects and figures.detected(verdict):
        heard = f"health {verdict.health or 'was not asked'}, {verdict.expects['scenario']} red, '{verdict.expects['owner']}' told"
        console.print(f"      {heard}", markup=False, style="dim", soft_wrap=True)
    if verdict.mark is not Mark.PROVEN:
        console.print(f"      {f'{verdict.gap}: ' if verdict.gap else ''}{verdict.why}", markup=False, style="dim", soft_wrap=True)


def again(folder: Path) -> list[Verdict]:
    """Judge an earlier rehearsal by what it wrote down.

    Raises:
        BadInput: there is none in that folder.
    """
    files = sorted(folder.glob("drills/*/events.jsonl"))
    if not files:
        raise BadInput(f"--again {folder}: saw no drills/*/events.jsonl; allowed is the folder of a rehearsal, such as artifacts/<id>/rehearsal")
    return sorted((assess(list(read(each))) for each in files), key=lambda each: catalogue.order(each.drill))


def told(verdicts: list[Verdict], folder: Path, console: Console) -> int:
    """Print the figures, and return the exit code."""
    rates = figures.detection(verdicts)
    for severity, rate in rates.items():
        console.print(f"detected {severity or 'in all':9} {rate.hits} of {rate.tried}, at least {rate.lower:.0%} with 95 % confidence", markup=False)
    controls = [each for each in verdicts if each.control]
    console.print(f"controls {sum(each.mark is Mark.PROVEN for each in controls)} of {len(controls)} silent", markup=False)
    green, asked = figures.green(verdicts)
    if asked:
        console.print(f"health   the product's own check stayed green in {green} of the {asked} that were detected", markup=False)
    for each in report.doses(verdicts):
        tried = ", ".join(f"{dose} % {'yes' if seen else 'cannot tell' if seen is None else 'no'}" for dose, seen in each["tried"].items())
        console.print(f"least    {each['fault']:16} {each['least'] or 'not even 100'} % is detected ({tried})", markup=False, soft_wrap=True)
    console.print(f"report   {folder / 'index.html'}", markup=False, soft_wrap=True)
    code = figures.exit_code(verdicts)
    said = {0: "all as expected", 1: "something was missed, or an alarm was false", 3: "the rehearsal cannot tell"}[code]
    console.print(f"exit {code}: {said}", markup=False, style="green" if code == 0 else "bold red")
    return code
