"""Behind a sweep the run is kept, judged and told, and the monitor's own sign of life follows what became of that."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from cli.chain import Chain
from launch import package
from rehearsal.receiver import Receiver, closed_port
from reports.message import Message
from reports.site import inbox
from tests.receivers.recorder import takes_everything
from tests.tree import TARGET, Tree, scenario
from tests.verdicts.history.made import DAY, NOON, rows, take_in
from verdicts.history import retention
from verdicts.history.schema import RUNS
from verdicts.history.store import History

SWITCH = "import pathlib\nwith step('look at the switch'):\n    assert not pathlib.Path('../own/broken').exists(), 'the switch is on'"


@pytest.fixture
def beats(tree: Tree) -> Iterator[Receiver]:
    """A receiver of heartbeats that the launch package names."""
    with Receiver(takes_everything) as receiver:
        alerting = tree.folder / "launch" / "alerting.toml"
        alerting.write_text(f'{alerting.read_text()}\n[heartbeats.one]\nurl = "{receiver.url}/one"\n')
        yield receiver


def arrived(tree: Tree) -> list[Message]:
    """Return what arrived in the inbox."""
    return inbox.arrived(tree.folder / "artifacts" / "inbox")


def told(tree: Tree) -> list[tuple[str, str, str]]:
    """Return kind, scenario and owner of what arrived, in order."""
    return [(str(each.kind), each.scenario, each.owner) for each in arrived(tree)]


def run(tree: Tree, *words: str) -> int:
    """Run by API, and return the exit code."""
    return tree.run("--surface", "api", *words).returncode


def test_a_broken_promise_reaches_its_owner_once_and_so_does_its_end(tree: Tree, beats: Receiver) -> None:
    """One message with the runbook, none while it stays broken, and one more after two clean runs; the heartbeat beats all the while."""
    tree.scenarios(scenario("switched", SWITCH), scenario("kept", "pass"))
    (tree.own / "broken").touch()
    codes = [run(tree), run(tree)]
    (tree.own / "broken").unlink()
    codes += [run(tree), run(tree)]

    assert codes == [1, 1, 0, 0]
    assert told(tree) == [("trigger", "signup.switched", "growth"), ("resolve", "signup.switched", "growth")]
    assert arrived(tree)[0].runbook == "launch/runbooks/sign-up.md"
    assert "the switch is on" in arrived(tree)[0].error
    assert [each.path for each in beats.requests] == ["/one/start", "/one"] * 4
    assert len({each.query["rid"] for each in beats.requests}) == 4


def test_a_target_that_nobody_reaches_pages_its_operators_once(tree: Tree, beats: Receiver) -> None:
    """However many scenarios there are, whoever answers for the target hears of it, and no owner of a promise."""
    tree.scenarios(scenario("one", "pass"), scenario("two", "pass"))
    tree.targets(TARGET.replace("serve = true", f'url = "http://127.0.0.1:{closed_port()}"'))
    codes = [run(tree) for _ in range(3)]

    assert codes == [3, 3, 3]
    assert told(tree) == [("trigger", "target.unreachable", "operators")]
    assert beats.requests[-1].path == "/one/fail"


def test_a_history_that_cannot_be_used_is_told_without_it(tree: Tree, beats: Receiver) -> None:
    """The sweep goes on and says what it saw; the maintainers are told directly, the exit code is not green, and the heartbeat fails."""
    tree.scenarios(scenario("kept", "pass"))
    newer(tree.own / "history.sqlite")
    tree.environment["SYNTHETICS_HISTORY"] = str(tree.own / "history.sqlite")

    assert run(tree) == 3
    assert tree.ends() == {("kept", 1): "passed"}
    assert told(tree) == [("trigger", "monitor.cannot-tell/history", "suite")]
    assert [each.path for each in beats.requests] == ["/one/start", "/one/fail"]


def test_the_end_of_a_history_that_could_not_be_used_is_told_once(tree: Tree, beats: Receiver) -> None:
    """It is told until every channel has taken it, and then never again."""
    tree.scenarios(scenario("kept", "pass"))
    newer(tree.own / "history.sqlite")
    tree.environment["SYNTHETICS_HISTORY"] = str(tree.own / "history.sqlite")
    run(tree)
    del tree.environment["SYNTHETICS_HISTORY"]
    inbox_folder = tree.folder / "artifacts" / "inbox"
    aside = inbox_folder.rename(inbox_folder.with_name("aside"))
    inbox_folder.write_text("no message can be put in here")
    run(tree)
    inbox_folder.unlink()
    aside.rename(inbox_folder)

    assert [run(tree) for _ in range(2)] == [0, 0]
    assert told(tree) == [("trigger", "monitor.cannot-tell/history", "suite"), ("resolve", "monitor.cannot-tell/history", "suite")]


def newer(file: Path) -> None:
    """Write a history of a version that is not known yet."""
    with sqlite3.connect(file) as store:
        store.execute("CREATE TABLE history_revision (version_num TEXT NOT NULL)")
        store.execute("INSERT INTO history_revision VALUES ('v9999')")
    store.close()


def test_a_gate_tells_nobody(tree: Tree, beats: Receiver) -> None:
    """With --no-alerts the run is in the history, and nothing else happens; judging it later tells what it saw."""
    tree.scenarios(scenario("broken", "assert False, 'as it is'"))
    code = run(tree, "--no-alerts")
    quiet = (told(tree), beats.requests[:])
    later = tree.ended("cli.main", "judge", "--target", "tiny")
    tree.ended("cli.main", "alert")

    assert (code, quiet) == (1, ([], []))
    assert later.returncode == 0, later.stderr
    assert told(tree) == [("trigger", "signup.broken", "growth")]
    assert "signup.broken" in tree.ended("cli.main", "alerts").stdout


def test_what_a_person_does_about_an_alert(tree: Tree) -> None:
    """It can be taken, silenced and put into quarantine, each with somebody who answers for it; and an owner can be paged for a test."""
    tree.scenarios(scenario("broken", "assert False, 'as it is'"))
    silenced = tree.ended("cli.main", "silence", "--target", "tiny", "--scenario", "signup.*", "--for", "1h", "--owner", "growth", "--reason", "a test")
    run(tree)
    quiet = told(tree)
    tree.ended("cli.main", "silence", "--end", "1")
    tree.ended("cli.main", "judge", "--target", "tiny")
    tree.ended("cli.main", "alert")
    taken = tree.ended("cli.main", "alerts", "--acknowledge", "1", "--by", "somebody")
    words = ("quarantine", "signup.broken", "--for", "2d", "--owner", "growth", "--reason", "flaky")
    refused = tree.ended("cli.main", *words)
    put = tree.ended("cli.main", *words, "--issue", "https://example.com/7")
    paged = tree.ended("cli.main", "page", "growth")
    code = paged.stdout.partition("code ")[2].partition(";")[0]
    received = tree.ended("cli.main", "page", "growth", "--received", code, "--by", "somebody")

    assert (silenced.returncode, quiet) == (0, [])
    assert (taken.returncode, put.returncode, paged.returncode, received.returncode) == (0, 0, 0, 0)
    assert refused.returncode == 2
    assert "--issue" in refused.stderr
    assert [kind for kind, _, _ in told(tree)] == ["trigger", "acknowledge", "test"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("judge", "nowhere"), "saw no run.json"),
        (("judge", "--target", "nowhere"), "no target 'nowhere'"),
        (("alerts", "--acknowledge", "9", "--by", "me"), "none is open"),
        (("silence", "--target", "tiny", "--for", "1h"), "saw no --owner, --reason"),
        (("silence", "--target", "tiny", "--for", "soon"), "allowed is a number with a unit"),
        (("quarantine", "a.b", "--for", "1h", "--owner", "nobody", "--reason", "x", "--issue", "https://x.example.com"), "saw 'nobody'"),
        (("page", "nobody"), "saw the owner 'nobody'"),
    ],
    ids=lambda each: each[0] if isinstance(each, tuple) else "",
)
def test_bad_words_are_one_message(tree: Tree, words: tuple[str, ...], said: str) -> None:
    """What was seen and what is allowed, with exit code 2."""
    done = tree.ended("cli.main", *words)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def old(tmp_path: Path) -> Iterator[tuple[Chain, Console]]:
    """A history of two years ago, with one run more than are kept however old they are."""
    console = Console(record=True, file=StringIO())
    opened = History.open(str(tmp_path / "history.sqlite"))
    with opened.begin() as tx:
        for number in range(retention.LATEST + 1):
            take_in(tx, tmp_path, f"r{number}", ended=NOON + 60 + number)
    yield Chain(opened, package.load(), console), console
    opened.close()


def kept(steps: Chain) -> int:
    """Return how many runs the history holds."""
    with steps.history.reading() as tx:
        return len(rows(tx, RUNS))


def test_the_history_forgets_once_a_day(old: tuple[Chain, Console], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is old goes at the first time of asking, and is told; what is old a moment later stays until a day is over."""
    steps, console = old
    left = []
    for later in (0.0, DAY - 1, DAY + 1):
        monkeypatch.setattr(time, "time", lambda later=later: NOON + 700 * DAY + later)
        steps.tidy()
        left.append(kept(steps))
        with steps.history.begin() as tx:
            take_in(tx, tmp_path, "late", ended=NOON + 30)

    assert left == [retention.LATEST, retention.LATEST + 1, retention.LATEST]
    assert console.export_text().count("old runs forgotten: 1") == 2
