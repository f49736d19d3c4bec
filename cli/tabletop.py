"""``synthetics tabletop``: a launch team talks its risks through, one facilitator at one terminal; what comes of it closes only when it is proven."""

from __future__ import annotations

import argparse
import math
import os
import re
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from cli import rehearse
from fixtures import runs
from fixtures import target as targets
from flows.blame import SuiteFault
from launch import package
from launch.package import Launch
from launch.reading import BadInput
from rehearsal.evidence import Rests
from rehearsal.tabletop import closing, items, markdown, page, report, seal
from rehearsal.tabletop.clock import shown
from rehearsal.tabletop.command import FORMS, Typed, parse
from rehearsal.tabletop.deck import deal
from rehearsal.tabletop.items import Change, Closing, Item, Knowledge
from rehearsal.tabletop.play import Play
from rehearsal.tabletop.record import NAME, Event, read, writing
from rehearsal.tabletop.report import NOBODY
from rehearsal.tabletop.session import Session, Shown, told
from reports.inert import inert
from reports.wording import dated, moment
from verdicts.history import proofs
from verdicts.history.proofs import Proof
from verdicts.history.store import History, StoreTrouble
from verdicts.wording import span, times

HELP = "talk risks through with the team: sealed injects, a clock, a record, a report; its items close only when they are proven"

SEED = ".seed"
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
STAMP = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?\s+(.*)")
HALF_A_DAY = timedelta(hours=12)
WIDTH = 80

DAY = """\
a session in one minute:
  synthetics tabletop start --target staging --facilitator NAME --with "A, B, C"
     next … said … answer 3 … ask … --who NAME … change … --owner billing … end
  synthetics tabletop open                 what is to be done
  synthetics rehearse --target staging --risk quota-bypassed
  synthetics tabletop close ID --by NAME   refused until a rehearsal proves it

exit codes: 0 done; 1 `close` is refused, for the reason shown; 2 bad usage or input; 3 the history cannot be read
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the verbs, each with its options."""
    parser.epilog = DAY
    verbs = parser.add_subparsers(dest="deed", required=True, metavar="DEED")

    def deed(name: str, does: str) -> argparse.ArgumentParser:
        sub = verbs.add_parser(name, help=does, description=does, epilog=DAY, formatter_class=argparse.RawDescriptionHelpFormatter)
        sub.add_argument(
            "--in",
            dest="folder",
            type=Path,
            default=runs.artifacts() / "tabletop",
            metavar="FOLDER",
            help="where sessions are kept (default: artifacts/tabletop)",
        )
        sub.add_argument("--items", type=Path, metavar="FILE", help="the file of items (default: tabletop/items.toml of the launch package)")
        return sub

    def scripted(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--from", dest="script", metavar="FILE", help="take the commands from a file (- is the standard input): a line each, # is a comment")
        sub.add_argument("--line", type=int, default=1, metavar="N", help="begin at this line of the file")
        sub.add_argument(
            "--began", metavar="TIME", help="write up a session that was held on paper: it began then (ISO 8601), and lines begin with HH:MM (UTC)"
        )

    start = deed("start", "deal a deck, seal it, and begin")
    start.add_argument("--cards", type=int, default=3, metavar="N", help="how many cards (default: 3)")
    start.add_argument("--minutes", type=float, default=20.0, metavar="M", help="how long a card is meant to take (default: 20)")
    start.add_argument("--risk", action="append", default=[], metavar="RISK", help="deal only cards of this risk; may be given again")
    start.add_argument("--seed", default="", metavar="TEXT", help="the same seed deals the same cards; whoever knows it, knows them (default: a random one)")
    start.add_argument("--target", default="", metavar="NAME", help="the target whose launch is talked through: there its changes are to be proven")
    start.add_argument("--title", default="Tabletop", help="what the session is called")
    start.add_argument("--facilitator", default="", metavar="NAME", help="who leads it")
    start.add_argument("--with", dest="table", default="", metavar="NAMES", help="who is at the table, with commas between")
    start.add_argument("--id", default="", metavar="ID", help="the session's id (default: time and a random end)")
    scripted(start)
    resume = deed("resume", "go on with a session that was left or killed")
    resume.add_argument("id", nargs="?", default="", help="its id (default: the latest that has not ended)")
    scripted(resume)
    again = deed("report", "write the after-action report anew, and file what is not filed")
    again.add_argument("id", nargs="?", default="", help="the session's id (default: the latest)")
    still = deed("open", "list what is to be done, and closed items whose proof does not hold any more")
    still.add_argument("--target", default="", metavar="NAME", help="against this target's proofs (default: the target of each item)")
    done = deed("close", "close an item: a change by the proof of a later rehearsal, knowledge by the words that are written now")
    done.add_argument("id", help="the item's id")
    done.add_argument("--by", required=True, metavar="NAME", help="who closes it")
    done.add_argument("--target", default="", metavar="NAME", help="where it was proven (default: the item's target)")
    done.add_argument("--written", default="", metavar="FILE", help="knowledge: the file of the launch package where it stands now")
    done.add_argument("--words", default="", metavar="TEXT", help="knowledge: some words of it that stand there")


def run(options: argparse.Namespace) -> int:
    """Do the deed."""
    options.items = options.items or package.place() / items.FILE
    console = Console(highlight=False, soft_wrap=False)
    if console.width > WIDTH:
        console = Console(highlight=False, width=WIDTH)
    deeds: Mapping[str, Callable[[argparse.Namespace, Console], int]] = {
        "start": start,
        "resume": resume,
        "report": report_again,
        "open": still_open,
        "close": close,
    }
    return deeds[options.deed](options, console)


# -- a session -------------------------------------------------------------------------------------------------------------------------------------------------


def start(options: argparse.Namespace, console: Console) -> int:
    """Deal, seal, and begin."""
    launch = package.load()
    if options.cards < 1 or not 0 < options.minutes < math.inf:
        raise BadInput(f"--cards, --minutes: saw {options.cards} and {options.minutes:g}; allowed is at least one card, and more than no time")
    known_target(options.target)
    name = options.id or runs.new_id()
    if not ID.fullmatch(name):
        raise BadInput(f"--id: saw {name!r}; allowed are up to 64 letters, digits, - and _")
    lines = Lines(options, console)
    seed = options.seed or secrets.token_hex(16)
    cards = deal(launch, package.place(), seed=seed, count=options.cards, only=options.risk)
    sealed = [seal.close(card, seed, position) for position, card in enumerate(cards, 1)]
    facts = {
        "version": 1,
        "id": name,
        "title": options.title,
        "facilitator": options.facilitator,
        "table": [each.strip() for each in options.table.split(",") if each.strip()],
        "target": options.target,
        "minutes": options.minutes,
        "seal": seal.of_deck([each.commitment for each in sealed]),
        "owners": {each.id: each.name for each in launch.owners.values()},
        "sealed": [asdict(each) for each in sealed],
    }
    with writing(options.folder / name / NAME, new=True) as writer:
        first = Event(1, round(lines.now(), 3), "open", facts)
        writer.append(first)
        keep_seed(writer.path, seed)
        session = told([first])
        welcome(session, launch, writer.path, console)
        return played(Play(session, writer, launch, lines.now, seed), lines, options, console)


def resume(options: argparse.Namespace, console: Console) -> int:
    """Go on."""
    path = found(options, ended=False)
    launch = package.load()
    lines = Lines(options, console)
    with writing(path, new=False) as writer:
        session = told(read(path), path)
        if session.ended is not None:
            raise BadInput(
                f"saw '{session.id}', which has ended; allowed is a session that has not: `synthetics tabletop report {session.id}` writes its report"
            )
        lines.not_before(session.last)
        play = Play(session, writer, launch, lines.now, kept_seed(path))
        play.resumed()
        console.print(f"[bold]{escape(plain(session.title))}[/] goes on at {shown(session.clock.at(session.last))}; the clock stood meanwhile.")
        if session.open_card:
            card(session.open_card, session, console)
        return played(play, lines, options, console)


def played(play: Play, lines: Lines, options: argparse.Namespace, console: Console) -> int:
    """Take commands until the session ends or is left."""
    session = play.session
    for where, line in lines.of(play):
        try:
            typed = parse(line)
            if typed.name == "quit":
                break
            if typed.name == "end" and lines.asks and not confirmed(session, console):
                continue
            event = play.obey(typed)
        except BadInput as bad:
            if not lines.asks:
                go_on = f"synthetics tabletop resume {session.id} --from {options.script or '-'} --line {where}"
                raise BadInput(f"{lines.name}:{where}: {bad}; what stands before it is recorded: mend the line, and `{go_on}`") from bad
            console.print(f"  {escape(plain(str(bad)))}", style="red")
            continue
        answer(typed, event, play, console)
        if session.ended is not None:
            return finished(session, options, console)
    console.print(f"\nLeft open, everything is recorded. Go on with: synthetics tabletop resume {session.id}", soft_wrap=True)
    return 0


def finished(session: Session, options: argparse.Namespace, console: Console) -> int:
    """File what is to be done, write the report, and say where."""
    (options.folder / session.id / SEED).unlink(missing_ok=True)  # the record tells it now
    new = items.file(options.items, items.of(session))
    wrote = write(session, options)
    console.rule("[bold]The session has ended[/]")
    console.print(report.build(session, {}).headline, markup=False)
    if new:
        console.print(f"{times(len(new), 'item')} filed in {near(options.items)}: commit it with the report.", markup=False)
        listing(new, console)
    for each in wrote:
        console.print(f"  {near(each)}", style="cyan", soft_wrap=True, markup=False)
    return 0


def write(session: Session, options: argparse.Namespace) -> list[Path]:
    """Write the report beside the record, each file whole or not at all."""
    view = report.build(session, items.load(options.items))
    written = []
    for name, text in (("report.md", markdown.render(view)), ("report.html", page.render(view))):
        place = options.folder / session.id / name
        draft = place.with_name(f".{name}.{os.getpid()}.part")
        draft.write_text(text, encoding="utf-8")
        draft.replace(place)
        written.append(place)
    return written


class Lines:
    """Where commands come from: a person, a file, or a pipe; and what time it is for them."""

    def __init__(self, options: argparse.Namespace, console: Console) -> None:
        self._console, self._first = console, options.line
        self._at = began(options.began)
        self.paper = self._at is not None
        given = options.script or ("" if sys.stdin.isatty() else "-")
        self.asks = not given
        self.name = "standard input" if given == "-" else given
        self._text = None if self.asks else lines_of(given)

    def now(self) -> float:
        """Return the time in seconds since the epoch: that of the paper, where a session is written up."""
        return self._at.timestamp() if self._at else time.time()

    def not_before(self, at: float) -> None:
        """Let the paper's time begin where the record ends, if that is later."""
        if self._at and self._at.timestamp() < at:
            self._at = datetime.fromtimestamp(at, UTC)

    def of(self, play: Play) -> Iterator[tuple[int, str]]:
        """Yield the commands, each with the number of its line."""
        if self._text is None:
            yield from ((0, line) for line in typed(play, self._console))
            return
        for number, line in enumerate(self._text, 1):
            words = line.strip()
            if number < self._first or not words or words.startswith("#"):
                continue
            words = self._stamped(words, number)
            echo = Table.grid(padding=(0, 1))
            echo.add_row(Text(f"{shown(play.session.clock.at(self.now())):>8}", style="dim"), Text(">", style="bold"), Text(plain(words)))
            self._console.print(echo)
            yield number, words

    def _stamped(self, words: str, number: int) -> str:
        """Take the time off a line, and let it be that time."""
        stamp = STAMP.fullmatch(words)
        if not stamp:
            return words
        where = f"{self.name}:{number}"
        if self._at is None:
            raise BadInput(f"{where}: saw the time {words.partition(' ')[0]}; allowed is a time where --began says on which day the session was held")
        hour, minute, second = int(stamp[1]), int(stamp[2]), int(stamp[3] or 0)
        try:
            then = self._at.replace(hour=hour, minute=minute, second=second, microsecond=0)
        except ValueError:
            raise BadInput(f"{where}: saw the time {words.partition(' ')[0]}; allowed is 00:00 to 23:59:59") from None
        if self._at - then > HALF_A_DAY:  # past midnight
            then += timedelta(days=1)
        if then < self._at:
            raise BadInput(f"{where}: saw {words.partition(' ')[0]} after {self._at:%H:%M:%S}; allowed is a later time")
        self._at = then
        return stamp[4]


def lines_of(given: str) -> list[str]:
    """Read all commands of a file, or of the standard input."""
    try:
        if given == "-":
            return stream(sys.stdin)
        with Path(given).open(encoding="utf-8", errors="replace") as file:
            return stream(file)
    except OSError as cause:
        raise BadInput(f"--from: {given}: cannot be read: {cause.strerror}") from cause


def stream(file: TextIO) -> list[str]:
    """Return the lines of a stream."""
    return file.read().split("\n")


def typed(play: Play, console: Console) -> Iterator[str]:
    """Ask a person for commands until they end the input. Ctrl+C takes back what is being typed."""
    import readline  # noqa: F401, PLC0415 -- gives the prompt a memory and editing; only for a person

    while True:
        try:
            line = input(prompt(play.session, play.now()))
        except KeyboardInterrupt:
            console.print("  (nothing was recorded; `quit` leaves, `end` ends)", style="dim")
            continue
        except EOFError:
            return
        if line.strip():
            yield line


def prompt(session: Session, now: float) -> str:
    """Say where the session is: the clock, the card, and how much of its time is left."""
    clock = f"{shown(session.clock.at(now))}{'' if session.clock.runs else ' (stands)'}"
    lies = session.open_card
    if lies is None:
        return f"{clock} · {session.left} sealed > "
    left = session.minutes * 60 - (session.clock.at(now) - lies.begun)
    time_left = f"{shown(left)} left" if left >= 0 else f"{shown(-left)} over"
    return f"{clock} · card {lies.number}/{len(session.sealed)}, {time_left} > "


def confirmed(session: Session, console: Console) -> bool:
    """Ask before a session ends with cards sealed."""
    if not session.left:
        return True
    console.print(f"  {times(session.left, 'card')} still sealed. End all the same? Type yes: ", end="")
    try:
        return input().strip().lower() == "yes"
    except (EOFError, KeyboardInterrupt):
        return False


def keep_seed(record: Path, seed: str) -> None:
    """Keep the seed beside the record until the session ends, readable for nobody else."""
    handle = os.open(record.with_name(SEED), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(seed)


def kept_seed(record: Path) -> str:
    """Return the seed that is kept beside a record; nothing where it was lost, which loses no card."""
    try:
        return record.with_name(SEED).read_text(encoding="utf-8")
    except OSError:
        return ""


# -- what is shown ---------------------------------------------------------------------------------------------------------------------------------------------


def plain(text: str) -> str:
    """Return text that a terminal shows and does not obey."""
    return str(inert(text))


def welcome(session: Session, launch: Launch, record: Path, console: Console) -> None:
    """Say what lies ready."""
    console.rule(f"[bold]{escape(plain(session.title))}[/]")
    cards = f"{times(len(session.sealed), 'sealed card')} from {len(launch.risks)} risks, {span(session.minutes * 60)} each"
    rows = [
        ("Deck", cards),
        ("Seal", f"{session.seal}   (write it where all can see it)"),
        ("Target", session.target or "none: the plan in general"),
        ("Record", str(near(record))),
    ]
    grid = Table.grid(padding=(0, 2))
    for name, said in rows:
        grid.add_row(Text(name, style="dim"), Text(plain(said)))
    console.print(Padding(grid, (1, 0, 1, 2)))
    console.print("  A tabletop tests the plan, not the people. Nothing real is touched.")
    console.print("  [bold]next[/] opens the first card and starts the clock; [bold]help[/] lists the rest.\n")


def card(lies: Shown, session: Session, console: Console) -> None:
    """Show the card that lies open, and the questions."""
    body = Text(plain(lies.card.opening))
    for stage in lies.story:
        body.append(f"\n\n{stage.after} minutes on: ", style="bold yellow").append(plain(stage.text), style="")
    console.print(panel(body, f"Card {lies.number} of {len(session.sealed)}", rest(lies)))
    questions(lies, session, console)


def panel(body: Text, title: str, subtitle: str) -> Panel:
    """Frame what is read aloud."""
    return Panel(
        body,
        title=f"[bold]{escape(title)}[/]",
        title_align="left",
        subtitle=f"[dim]{escape(subtitle)}[/]",
        subtitle_align="right",
        box=box.ROUNDED,
        padding=(1, 2),
    )


def rest(lies: Shown) -> str:
    """Say how much of a card is still to come."""
    left = len(lies.card.stages) - lies.stages
    return f"{left} follow-up{'s' if left != 1 else ''} to come" if left else "nothing more to come"


def questions(lies: Shown, session: Session, console: Console) -> None:
    """List the questions, and what was said to them."""
    covered = session.covered(lies.number)
    marks = {"answered": "[green]✓[/]", "asked": "[yellow]?[/]", "open": " "}
    grid = Table.grid(padding=(0, 1))
    for number, (name, words) in enumerate(lies.card.asks.items(), 1):
        grid.add_row(marks[covered[name]], f"[bold]{number}[/]", Text(plain(words)))
    console.print(Padding(grid, (0, 0, 1, 2)))


def facts(lies: Shown, console: Console) -> None:
    """Show what the launch package says of the risk."""
    each = lies.card
    owners = f"{each.owner}, backup {each.backup}" if each.owner else "the owner of the scenario that goes red: `synthetics list`"
    grid = Table.grid(padding=(0, 2))
    for name, said in (
        ("Risk", each.risk),
        ("Owner", owners),
        ("Severity", f"{each.severity}: {package.URGENCY[each.severity]}"),
        ("Runbook", f"launch/{each.runbook}"),
        ("Told within", span(each.detect_within)),
    ):
        grid.add_row(Text(name, style="dim"), Text(plain(said)))
    console.print(Padding(grid, (0, 0, 0, 2)))


def answer(typed: Typed, event: Event | None, play: Play, console: Console) -> None:
    """Show what a command did."""
    session, lies = play.session, play.session.open_card
    if typed.name in {"card", "facts"} and lies is None:
        console.print("  no card lies open: `next` opens the first", style="dim")
    elif lies and (typed.name == "card" or (event and event.kind == "card")):
        card(lies, session, console)
    elif lies and event and event.kind == "stage":
        stage = lies.story[-1]
        console.print(panel(Text(plain(stage.text)), f"{stage.after} minutes on", rest(lies)))
    elif lies and typed.name == "facts":
        facts(lies, console)
    elif typed.name in {"clock", "pause", "go"}:
        console.print(f"  {prompt(session, play.now()).rstrip(' >')}")
    elif typed.name == "timeline":
        timeline(session, console)
    elif typed.name == "items":
        listing(items.of(session), console)
    elif typed.name == "help":
        listed_commands(console)
    elif event and event.kind != "end":
        note = Table.grid(padding=(0, 1))
        note.add_row(Text(f"{event.number:>8}", style="dim"), Text(plain(confirmation(event, session))))
        console.print(note)


def listed_commands(console: Console) -> None:
    """List what can be typed."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    for form in FORMS.values():
        grid.add_row(Text(form.usage, style="bold"), form.does)
    console.print(Padding(grid, (0, 0, 0, 2)))


def confirmation(event: Event, session: Session) -> str:
    """Say that an event is recorded, and what follows of it."""
    match event.kind:
        case "ask":
            item = items.of(session)[-1]
            return f"{item.id}: knowledge to write down; who knows it: {event.facts.get('who') or NOBODY}"
        case "change":
            item = items.of(session)[-1]
            return f"{item.id}: plan change for {event.facts['owner']}, open until a rehearsal of {event.facts['risk']} proves it"
        case "strike":
            return f"entry {event.facts['of']} is struck"
        case _:
            return "recorded"


def timeline(session: Session, console: Console) -> None:
    """Show the last entries."""
    grid = Table.grid(padding=(0, 1))
    for each in report.build(session, {}).moments[-15:]:
        style = "strike dim" if each.struck is not None else ""
        grid.add_row(Text(str(each.number), style="dim"), Text(each.clock, style="dim"), Text(each.kind, style="bold"), Text(plain(each.text), style=style))
    console.print(Padding(grid, (0, 0, 0, 2)))


def listing(found: list[Item] | list[Change] | list[Knowledge], console: Console) -> None:
    """List items: the id, whose it is, and what."""
    for each in found:
        if isinstance(each, Change):
            whose = f"{each.owner}, risk {each.risk}{f', due {each.due}' if each.due else ''}"
        else:
            whose = f"ask {each.who or NOBODY}{f', risk {each.risk}' if each.risk else ''}"
        console.print(f"  [bold cyan]{each.id}[/]  [dim]{escape(plain(whose))}[/]")
        console.print(Padding(Text(plain(each.text)), (0, 0, 0, 6)))
    if not found:
        console.print("  nothing", style="dim")


# -- what is to be done ----------------------------------------------------------------------------------------------------------------------------------------


def report_again(options: argparse.Namespace, console: Console) -> int:
    """Write the report anew; where a killed process did not file the items of a session that has ended, file them."""
    record = found(options, ended=None)
    session = told(read(record), record)
    if session.ended is not None:
        items.file(options.items, items.of(session))
    for each in write(session, options):
        console.print(near(each), style="cyan", soft_wrap=True, markup=False)
    return 0


def still_open(options: argparse.Namespace, console: Console) -> int:
    """List the items that are open, what is still to be proven or written, and which closed ones do not hold any more."""
    known_target(options.target)
    known = list(items.load(options.items).values())
    changes = report.due([each for each in known if isinstance(each, Change) and not each.closed])
    knowledge = [each for each in known if isinstance(each, Knowledge) and not each.closed]
    latest = Proofs()
    console.print(f"[bold]Plan changes[/] ({len(changes)})")
    for change in changes:
        listing([change], console)
        target = options.target or change.target
        why = closing.proof_of(change, target, latest.on(target), latest.edits)[1] if target else "no target is named: say --target NAME"
        console.print(
            Padding(Text(plain(why or f"proven: synthetics tabletop close {change.id} --by NAME"), style="green" if not why else "yellow"), (0, 0, 0, 6))
        )
    console.print(f"\n[bold]What only somebody knows[/] ({len(knowledge)})")
    listing(knowledge, console)
    shaky = []
    for item in known:
        if item.closed:
            known_proofs = latest.on(item.closed.target) if isinstance(item, Change) else []
            if why := closing.doubt(item, known_proofs, latest.edits, package.place()):
                shaky.append((item, why))
    if shaky:
        console.print(f"\n[bold]Closed, and does not hold any more[/] ({len(shaky)})")
        for item, why in shaky:
            listing([item], console)
            console.print(Padding(Text(plain(why), style="red"), (0, 0, 0, 6)))
    left = [session for session in sessions(options.folder) if session.ended is None]
    if left:
        console.print("\n[bold]Sessions that have not ended[/]")
        for session in left:
            console.print(f"  {session.id}  {escape(plain(session.title))}, {dated(moment(session.opened))}", soft_wrap=True)
    return 0


def close(options: argparse.Namespace, console: Console) -> int:
    """Close an item where something proves it; say why not where nothing does."""
    known = items.load(options.items)
    item = known.get(options.id)
    if item is None or item.closed:
        some = ", ".join(name for name, each in known.items() if not each.closed) or "none is open"
        raise BadInput(f"saw '{options.id}', which is {'closed already' if item else 'no item'}; allowed is the id of an open item: {some}")
    now = time.time()
    if isinstance(item, Knowledge):
        if not (options.written and options.words):
            raise BadInput(f"{item.id} is knowledge: saw no --written FILE and --words TEXT; allowed is the file where it stands now, and some words of it")
        why = closing.unwritten(options.words, options.written, package.place())
        done = Closing(now, options.by, written=options.written, words=options.words)
    else:
        target = options.target or item.target
        if not target:
            raise BadInput(f"{item.id}: saw no target; allowed is --target NAME: one of {', '.join(targets.names())}")
        known_target(target)
        latest = Proofs()
        proof, why = closing.proof_of(item, target, latest.on(target), latest.edits)
        done = Closing(now, options.by, proof.rehearsal, proof.fault, proof.target, proof.build) if proof else Closing(now, options.by)
    if why:
        console.print(f"{item.id} stays open: {escape(plain(why))}", style="yellow", soft_wrap=True)
        return 1
    items.close(options.items, item, done)
    console.print(f"{item.id} is closed: {escape(plain(report.state(items.load(options.items)[item.id])))}", soft_wrap=True)
    return 0


class Proofs:
    """The latest proofs on each target, and what was edited since: looked up once, and only where somebody asks."""

    def __init__(self) -> None:
        self._known: dict[str, list[Proof]] = {}
        self._rests: dict[str, Rests] = {}

    def on(self, target: str) -> list[Proof]:
        """Return the latest proof of each fault on a target.

        Raises:
            SuiteFault: the history cannot be read.
        """
        if target not in self._known:
            try:
                history = History.open(artifacts=runs.artifacts())
                try:
                    with history.reading() as tx:
                        self._known[target] = proofs.of_each_fault(tx, target)
                finally:
                    history.close()
            except StoreTrouble as trouble:
                raise SuiteFault(f"the history of proofs cannot be read: {trouble}") from trouble
        return self._known[target]

    def edits(self, proof: Proof) -> list[str]:
        """Say what was edited of that which a proof rests on."""
        if proof.target not in self._rests:
            self._rests[proof.target] = rehearse.rests(targets.load(proof.target))
        return self._rests[proof.target].edits(proof)


# -- finding things --------------------------------------------------------------------------------------------------------------------------------------------


def sessions(folder: Path) -> list[Session]:
    """Return the sessions of a folder, the latest last."""
    return sorted((told(read(path), path) for path in folder.glob(f"*/{NAME}")), key=lambda session: session.opened)


def found(options: argparse.Namespace, *, ended: bool | None) -> Path:
    """Return the record of the session that was named, or of the latest one: of those that have ended or not, where `ended` says which."""
    name = options.id
    if not name:
        some = [each for each in sessions(options.folder) if ended is None or (each.ended is not None) is ended]
        if not some:
            raise BadInput(f"{options.folder}: saw no session{' that has not ended' if ended is False else ''}; allowed is `synthetics tabletop start` first")
        name = some[-1].id
    path = Path(options.folder / name / NAME)
    if not ID.fullmatch(name) or not path.is_file():
        some_ids = ", ".join(sorted(each.parent.name for each in options.folder.glob(f"*/{NAME}"))) or "there is none"
        raise BadInput(f"saw the session '{name}'; allowed is one of {options.folder}: {some_ids}")
    return path


def known_target(name: str) -> None:
    """Refuse a target that there is not."""
    if name and name not in targets.names():
        raise BadInput(f"--target: saw '{name}'; allowed is one of {', '.join(targets.names())}")


def began(text: str | None) -> datetime | None:
    """Return when a session on paper began."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"--began: saw {text!r}; allowed is a time such as 2027-03-01T14:00:00Z") from None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def near(path: Path) -> Path:
    """Return a path as it is written from here, where it lies below."""
    absolute = path.absolute()
    return absolute.relative_to(Path.cwd()) if absolute.is_relative_to(Path.cwd()) else absolute
