"""`synthetics tabletop` from a terminal, a file and a pipe: a session survives its process, and an item closes only when something proves it."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import select
import shlex
import signal
import subprocess
import sys
import termios
import time
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cli import rehearse
from cli.main import main
from fixtures import target as targets
from launch import package
from rehearsal.evidence import Rests
from rehearsal.tabletop import items
from rehearsal.tabletop.record import read
from rehearsal.tabletop.session import Session, told
from tests.tree import ROOT, house
from verdicts.history import proofs
from verdicts.history.proofs import Proof
from verdicts.history.store import History

EXAMPLE = package.FOLDER / "tabletop" / "example"
SCRIPT = "next\nanswer 1 the lead\nask who holds the key? --question 4 --who finance\nchange name the lead --owner platform --risk quota-bypassed\n"


@dataclass(frozen=True)
class Done:
    """What a deed left on the terminal."""

    returncode: int
    stdout: str
    stderr: str


@dataclass
class Room:
    """A folder for sessions, a file of items and a history of its own."""

    folder: Path
    environment: dict[str, str] = field(default_factory=house)

    @property
    def items(self) -> Path:
        return self.folder / "items.toml"

    def command(self, deed: str, *words: str) -> list[str]:
        return [sys.executable, "-m", "cli.main", "tabletop", deed, "--in", str(self.folder / "sessions"), "--items", str(self.items), *words]

    def run(self, deed: str, *words: str, typed: str = "") -> Done:
        """Run a deed to its end, in this process: a command starts in a second, and here are many."""
        environment = {"SYNTHETICS_HISTORY": str(self.folder / "history.sqlite"), **self.environment, "COLUMNS": "80"}
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            for name, value in environment.items():
                patch.setenv(name, value)
            patch.chdir(ROOT)
            patch.setattr(sys, "stdin", io.StringIO(typed))
            code = main(self.command(deed, *words)[3:])
        return Done(code, out.getvalue(), err.getvalue())

    def script(self, text: str) -> str:
        file = self.folder / "script.txt"
        file.write_text(text)
        return str(file)

    def session(self, name: str = "try") -> Session:
        return told(read(self.folder / "sessions" / name / "record.jsonl"))


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


START = ("--id", "try", "--seed", "s", "--risk", "data-leak", "--risk", "quota-bypassed", "--cards", "2", "--target", "embedded")


def test_a_session_can_be_scripted_from_a_file_and_from_a_pipe(room: Room) -> None:
    """Both leave the same: a record, a report in two forms, and the items filed."""
    by_file = room.run("start", *START, "--from", room.script(SCRIPT + "end\n"))
    folder = room.folder / "sessions" / "try"

    assert (by_file.returncode, by_file.stderr) == (0, "")
    assert sorted(each.name for each in folder.iterdir()) == ["record.jsonl", "report.html", "report.md"]
    assert "The room would have had to ask somebody about 1 thing; 1 plan change is open." in by_file.stdout
    assert set(items.load(room.items)) == {"try-k1", "try-c1"}
    assert all(len(line) <= 80 for line in by_file.stdout.splitlines() if "sessions" not in line)

    command = room.command("start", *START[2:], "--id", "other")
    by_pipe = subprocess.run(command, cwd=ROOT, env=room.environment, input=SCRIPT + "end\n", capture_output=True, text=True, timeout=120, check=False)
    assert by_pipe.returncode == 0
    assert [each.kind for each in room.session("other").entries] == [each.kind for each in room.session().entries]
    assert room.session("other").seal == room.session().seal


def test_a_killed_session_goes_on_where_it_was(room: Room) -> None:
    """kill -9 after a confirmation: what was confirmed is there, the clock stood, and the report comes at the end."""
    with terminal(room, "start", *START) as screen:
        screen.await_("sealed >")
        screen.type("next")
        screen.await_("card 1/2")
        screen.type("note before the kill")
        screen.await_("recorded")
        os.kill(screen.process.pid, signal.SIGKILL)
        screen.process.wait(10)
    killed = room.session()
    resumed = room.run("resume", typed="note after the kill\nend\n")

    assert [each.text for each in killed.of("note")] == ["before the kill"]
    assert killed.ended is None
    assert resumed.returncode == 0, resumed.stderr
    assert [each.text for each in room.session().of("note")] == ["before the kill", "after the kill"]
    assert room.session().seed == "s"
    assert (room.folder / "sessions" / "try" / "report.md").exists()


def test_one_facilitator_at_one_terminal(room: Room) -> None:
    """Mistypes cost nothing, Ctrl+C takes a line back, `end` asks while cards are sealed, and Ctrl+D leaves the session open."""
    with terminal(room, "start", *START) as screen:
        screen.await_("help lists the rest")
        screen.await_("sealed >")
        screen.type("nxt")
        screen.await_("did you mean `next`?")
        screen.type("next")
        screen.await_("Who is told, in which order, and by what?")
        screen.await_("card 1/2, 20:00 left >")
        screen.send("note half a")
        screen.await_("half a")
        screen.send("\x03")
        screen.await_("nothing was recorded")
        screen.type("note whole")
        screen.await_("recorded")
        screen.type("end")
        screen.await_("1 card still sealed. End all the same? Type yes:")
        screen.type("no")
        screen.await_("left >")
        screen.type("help")
        screen.await_("ask TEXT [--question N --who NAME]")
        screen.await_("left >")
        screen.send("\x04")
        screen.await_("Go on with: synthetics tabletop resume try")
        assert screen.process.wait(10) == 0

    assert [each.text for each in room.session().of("note")] == ["whole"]
    assert "try  Tabletop" in room.run("open").stdout


def test_a_second_facilitator_is_refused(room: Room) -> None:
    """While the first one's process is there."""
    with terminal(room, "start", *START) as screen:
        screen.await_("sealed >")
        second = room.run("resume", "try", typed="note me too\n")

        assert second.returncode == 2
        assert "somebody is in this session already" in second.stderr
        screen.type("quit")
        screen.await_("Left open")


def test_a_wrong_line_of_a_script_stops_it_and_loses_nothing(room: Room) -> None:
    """One error with file, line, and how to go on; what it says works."""
    script = room.script(SCRIPT + "chnge too late --owner platform\nend\n")
    stopped = room.run("start", *START, "--from", script)
    [line] = stopped.stderr.splitlines()

    assert stopped.returncode == 2
    assert line.startswith(f"synthetics tabletop: {script}:5: saw 'chnge', which is no command: did you mean `change`?")
    assert line.endswith(f"mend the line, and `synthetics tabletop resume try --from {script} --line 5`")
    assert len(room.session().of("answer", "ask", "change")) == 3

    room.script(SCRIPT + "change in time --owner platform\nend\n")
    assert room.run("resume", "try", "--from", script, "--line", "5").returncode == 0
    assert [each.text for each in room.session().of("change")] == ["name the lead", "in time"]


@pytest.mark.parametrize(
    ("deed", "words", "said"),
    [
        ("start", ("--cards", "0"), "--cards, --minutes: saw 0 and 20"),
        ("start", ("--cards", "99"), "--cards: saw 99; allowed is at most "),
        ("start", ("--minutes", "nan"), "--cards, --minutes: saw 3 and nan"),
        ("start", ("--risk", "money"), "--risk: saw 'money'; allowed is one of nobody-can-start"),
        ("start", ("--target", "prod"), "--target: saw 'prod'; allowed is one of embedded"),
        ("start", ("--id", "../x"), "--id: saw '../x'; allowed are up to 64 letters"),
        ("start", ("--from", "/nowhere/script.txt"), "--from: /nowhere/script.txt: cannot be read: No such file or directory"),
        ("start", ("--began", "yesterday"), "--began: saw 'yesterday'; allowed is a time such as 2027-03-01T14:00:00Z"),
        ("resume", (), "saw no session that has not ended; allowed is `synthetics tabletop start` first"),
        ("resume", ("../../etc",), "saw the session '../../etc'; allowed is one of "),
        ("report", ("none",), "saw the session 'none'; allowed is one of "),
        ("close", ("x", "--by", "lead"), "saw 'x', which is no item; allowed is the id of an open item: none is open"),
        ("open", ("--target", "prod"), "--target: saw 'prod'; allowed is one of embedded"),
    ],
)
def test_bad_input_is_one_clear_error_and_makes_nothing(room: Room, deed: str, words: tuple[str, ...], said: str) -> None:
    """Exit code 2, what was seen, what is allowed; no session is begun."""
    done = room.run(deed, *words)

    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (room.folder / "sessions").exists()


@pytest.mark.parametrize(
    ("began", "lines", "said"),
    [
        ((), "14:00 next", "script.txt:1: saw the time 14:00; allowed is a time where --began says"),
        (("--began", "2027-02-15T14:00:00Z"), "14:10 next\n14:05 note x", "script.txt:2: saw 14:05 after 14:10:00; allowed is a later time"),
        (("--began", "2027-02-15T14:00:00Z"), "24:00 next", "script.txt:1: saw the time 24:00; allowed is 00:00 to 23:59:59"),
    ],
)
def test_a_session_on_paper_needs_times_that_go_forward(room: Room, began: tuple[str, ...], lines: str, said: str) -> None:
    """A slip of the pen is told with its line."""
    done = room.run("start", *START, *began, "--from", room.script(lines))

    assert done.returncode == 2
    assert said in done.stderr


def test_a_session_on_paper_may_go_past_midnight(room: Room) -> None:
    """The clock is that of the paper."""
    done = room.run("start", *START, "--began", "2027-02-15T23:50:00Z", "--from", room.script("23:55 next\n00:05 note late\n00:10 end\n"))

    assert done.returncode == 0, done.stderr
    assert "15 Feb 2027, 23:50:00 UTC to 16 Feb 2027, 00:10:00 UTC" in (room.folder / "sessions" / "try" / "report.md").read_text()
    assert room.session().clock.at(9e9) == 15 * 60


def test_the_worked_example_is_what_its_script_makes(room: Room) -> None:
    """Played again with today's launch package, the same is said at the same time; the cards' words may have changed since."""
    lines = [line.lstrip("# ") for line in (EXAMPLE / "script.txt").read_text().split("\n\n")[0].splitlines()]
    words = shlex.split(" ".join(lines[lines.index("Play it again:") + 1 :]).replace("\\", ""))
    assert words[:3] == ["synthetics", "tabletop", "start"]
    places = {"launch/tabletop": str(room.folder / "sessions"), "launch/tabletop/example/items.toml": str(room.items)}
    again = room.run("start", *(places.get(word, word) for word in words[3:]))
    assert again.returncode == 0, again.stderr
    spoken = [
        [(each.kind, each.event.at, each.text) for each in session.entries if each.kind not in {"card", "stage"}]
        for session in (room.session("example"), told(read(EXAMPLE / "record.jsonl")))
    ]

    assert spoken[0] == spoken[1]
    assert set(items.load(room.items)) == set(items.load(EXAMPLE / "items.toml"))


@pytest.fixture(scope="module")
def rests() -> Rests:
    """Return what proofs on the embedded product rest on today."""
    return rehearse.rests(targets.load("embedded"))


def prove(room: Room, rests: Rests, at: float, verdict: str = "proven", edited: str = "") -> None:
    """Write a proof of the risk of the change into the room's history, as a rehearsal would."""
    fault = rests.faults["F19"]
    hashes = {name: "0" if edited and name.startswith(edited) else was for name, was in rests.of(fault).items()}
    history = History.open(str(room.folder / "history.sqlite"))
    with history.begin() as tx:
        proofs.add(tx, Proof(fault.risk, fault.id, "embedded", at, "1.0", verdict, hashes, "rehearsal-1"))
    history.close()


@pytest.mark.slow
def test_a_change_closes_only_by_a_later_proof_that_holds(room: Room, rests: Rests) -> None:
    """No proof, an older one, a missed one and a stale one each leave it open, with the reason; then it is closed, and the report says by what."""
    room.run("start", *START, "--from", room.script(SCRIPT + "end\n"))
    now = time.time()
    refusals = []
    for step in (None, {"at": now - 3600}, {"at": now + 10, "verdict": "missed"}, {"at": now + 20, "edited": "runbook"}):
        if step:
            prove(room, rests, **step)
        refused = room.run("close", "try-c1", "--by", "lead")
        assert refused.returncode == 1, refused.stderr
        refusals.append(refused.stdout)
        assert items.load(room.items)["try-c1"].closed is None
    prove(room, rests, now + 30)
    listed = room.run("open")
    done = room.run("close", "try-c1", "--by", "lead")
    room.run("report", "try")

    assert ["was never rehearsed" in refusals[0], "is older than the change" in refusals[1], "ended as 'missed'" in refusals[2]] == [True] * 3
    assert "is stale: runbook runbooks/quota.md was edited" in refusals[3]
    assert "proven: synthetics tabletop close try-c1 --by NAME" in listed.stdout
    assert done.returncode == 0
    assert "proven by rehearsal-1 (fault F19 on embedded, build 1.0)" in done.stdout
    assert "proven by rehearsal-1" in (room.folder / "sessions" / "try" / "report.md").read_text()
    assert room.run("close", "try-c1", "--by", "lead").returncode == 2

    prove(room, rests, now + 40, "missed")
    assert "Closed, and does not hold any more (1)" in room.run("open").stdout


def test_knowledge_closes_only_where_its_words_stand(room: Room) -> None:
    """In a file of the launch package; a word of honour does not do."""
    room.run("start", *START, "--from", room.script(SCRIPT + "end\n"))
    bare = room.run("close", "try-k1", "--by", "lead")
    unwritten = room.run("close", "try-k1", "--by", "lead", "--written", "runbooks/data-leak.md", "--words", "the key is with finance")
    written = room.run("close", "try-k1", "--by", "lead", "--written", "runbooks/data-leak.md", "--words", "What the user sees")

    assert (bare.returncode, unwritten.returncode, written.returncode) == (2, 1, 0)
    assert "does not say" in unwritten.stdout
    assert "written in runbooks/data-leak.md" in written.stdout
    assert "What only somebody knows (0)" in room.run("open").stdout


def test_a_history_that_cannot_be_read_closes_nothing(room: Room) -> None:
    """The monitor cannot tell: exit code 3."""
    room.run("start", *START, "--from", room.script(SCRIPT + "end\n"))
    room.environment["SYNTHETICS_HISTORY"] = "postgresql://nobody@127.0.0.1:9/none"
    done = room.run("close", "try-c1", "--by", "lead")

    assert done.returncode == 3
    assert "the history of proofs cannot be read" in done.stderr
    assert items.load(room.items)["try-c1"].closed is None


def test_what_a_killed_end_did_not_file_is_filed_with_the_report(room: Room) -> None:
    """The record is enough to make everything else."""
    room.run("start", *START, "--from", room.script(SCRIPT + "end\n"))
    room.items.unlink()
    (room.folder / "sessions" / "try" / "report.md").unlink()
    done = room.run("report")

    assert done.returncode == 0
    assert set(items.load(room.items)) == {"try-k1", "try-c1"}
    assert (room.folder / "sessions" / "try" / "report.md").exists()


@dataclass
class Screen:
    """A terminal of 80 columns with the command in it."""

    process: subprocess.Popen[bytes]
    handle: int
    seen: str = ""

    def send(self, text: str) -> None:
        os.write(self.handle, text.encode())

    def type(self, line: str) -> None:
        self.send(f"{line}\n")

    def await_(self, words: str, within: float = 60.0) -> None:
        """Wait until words are shown, behind what was awaited before."""
        end = time.monotonic() + within
        while words not in self.seen:
            ready, _, _ = select.select([self.handle], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                raise AssertionError(f"{words!r} was not shown within {within:g} s, but: {self.seen}")
            try:
                self.seen += os.read(self.handle, 65536).decode(errors="replace")
            except OSError:
                raise AssertionError(f"{words!r} was not shown before the end, but: {self.seen}") from None
        self.seen = self.seen.partition(words)[2]


class terminal:  # noqa: N801 -- used as a function
    """Run a deed in a terminal; afterwards its process is gone."""

    def __init__(self, room: Room, deed: str, *words: str) -> None:
        self.room, self.words = room, (deed, *words)

    def __enter__(self) -> Screen:
        mine, its = pty.openpty()
        environment = {**self.room.environment, "TERM": "dumb", "COLUMNS": "80", "LINES": "24"}
        process = subprocess.Popen(
            self.room.command(*self.words),
            cwd=ROOT,
            env=environment,
            stdin=its,
            stdout=its,
            stderr=its,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 -- Ctrl+C needs a controlling terminal, and this process has no other threads
        )
        os.close(its)
        self.screen = Screen(process, mine)
        return self.screen

    def __exit__(self, *_: object) -> None:
        if self.screen.process.poll() is None:
            self.screen.process.kill()
        self.screen.process.wait(10)
        os.close(self.screen.handle)
