"""A run survives what its runners do not: each is broken for real, what was under way is `incomplete`, the rest goes on, and nothing is left alive."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from cli import supervisor
from cli.supervisor import Progress, apart
from fixtures import live
from tests.products.tiny.server import Handler, Tiny
from tests.tree import Tree, await_gone, scenario

WAITS = "from flows.waiting import holds\nwith step('wait'):\n    holds(lambda: 1, during=1.0, of='time', state=lambda seen: seen)"
NOTES = "print(os.getpid(), file=open('../own/pids.txt', 'a'))\n"
FREEZES = "signup.sign_up(visitor)\nwith step('freeze'):\n    os.kill(os.getpid(), signal.SIGSTOP)"
BLOCKS = "import time\nsignup.sign_up(visitor)\nwith step('block'):\n    time.sleep(600)"
DIES = "signup.sign_up(visitor)\nos.kill(os.getpid(), signal.SIGKILL)"
KILLED = "its runner was killed: an attempt passed its deadline and could not be ended"


def pids(tree: Tree) -> list[str]:
    """Return which processes ran what noted it."""
    return (tree.own / "pids.txt").read_text().split()


def rounds(tree: Tree) -> list[list[str]]:
    """Return what each runner of the latest run was given."""
    return [[item["scenario"].removeprefix("signup.") for item in event["items"]] for event in tree.told("collected")]


def test_a_frozen_runner_is_killed_and_the_rest_goes_on_in_a_new_one(tree: Tree, tiny: Tiny) -> None:
    """What froze and what was beside it are incomplete and tried again, the suspect alone; what had not begun runs elsewhere; what was made is removed."""
    tree.scenarios(scenario("beside", WAITS), scenario("froze", NOTES + FREEZES, deadline=1), scenario("behind", NOTES + "with step('note'):\n    pass"))

    done = tree.run("--surface", "api", "--lanes", "2", "--grace", "0.5")

    assert done.returncode == 3, done.stdout + done.stderr
    assert tree.ends() == {
        ("beside", 1): "incomplete",
        ("froze", 1): "incomplete",
        ("behind", 1): "passed",
        ("beside", 2): "passed",
        ("froze", 2): "incomplete",
    }
    assert rounds(tree) == [["beside", "froze", "behind"], ["behind"], ["beside"], ["froze"]]
    assert len(set(pids(tree))) == 3
    [froze, _] = [each for each in tree.outcomes() if each.scenario == "signup.froze"]
    assert (froze.error, froze.blame, froze.where) == (KILLED, "suite", "in the step 'freeze'")
    assert done.stdout.count("incomplete signup.froze") == 2
    assert tiny.accounts == {}


def test_a_frozen_browser_and_its_driver_are_killed_and_the_rest_goes_on(tree: Tree, tiny: Tiny) -> None:
    """A driver that does not answer, and a browser that does not hear that its driver is gone, end with their runner, and so do their files."""
    freezes = """
    with step('freeze'):
        visitor.accounts.pages.go('/')
        for place in __import__('pathlib').Path('/proc').glob('[0-9]*'):
            try:
                words, given = (place / 'cmdline').read_text(), (place / 'environ').read_text()
            except OSError:
                continue
            if os.environ['SYNTHETICS_LIVE'] in given and ('run-driver' in words or '--remote-debugging-pipe' in words):
                print(place.name, file=open('../own/pids.txt', 'a'))
                os.kill(int(place.name), signal.SIGSTOP)
        visitor.accounts.pages.go('/')
    """
    warm = "print(os.environ['TMPDIR'], file=open('../own/temporary.txt', 'w'))\nsignup.sign_up(visitor)"
    tree.scenarios(scenario("warm", warm), scenario("froze", freezes, deadline=2), scenario("behind", "signup.sign_up(visitor)"))

    done = tree.run("--surface", "browser", "--lanes", "1", "--grace", "0.5", "--no-confirm")

    assert tree.ends() == {("warm", 1): "passed", ("froze", 1): "incomplete", ("behind", 1): "passed"}, done.stdout + done.stderr
    assert done.returncode == 3
    assert len(pids(tree)) >= 2
    assert tree.outcomes()[1].where == "in the step 'freeze'"
    assert not Path((tree.own / "temporary.txt").read_text().strip()).exists()
    await_gone(str(tree.own), within=2)
    assert tiny.accounts == {}


def test_a_runner_that_is_killed_is_replaced_but_not_for_ever(tree: Tree, tiny: Tiny) -> None:
    """Each kill -9 costs the attempt that was under way and no other; where nothing but killing happens, the run gives up and says what never ended."""
    command = tree.folder / "cli" / "run.py"
    command.write_text(command.read_text().replace("RESTARTS = 5", "RESTARTS = 2"))
    tree.scenarios(scenario("dies-1", DIES), scenario("between", "pass"), scenario("dies-2", DIES), scenario("dies-3", DIES), scenario("never", "pass"))

    done = tree.run("--surface", "api", "--lanes", "1", "--no-confirm")

    assert tree.ends() == {("dies-1", 1): "incomplete", ("between", 1): "passed", ("dies-2", 1): "incomplete", ("dies-3", 1): "incomplete"}
    assert {each.error for each in tree.outcomes() if each.status == "incomplete"} == {"its runner was killed by SIGKILL"}
    assert done.returncode == 3
    assert tree.record()["exit_reason"] == "the monitor cannot tell: 3 incomplete, 1 never ended"
    assert tiny.accounts == {}


def test_a_worker_of_xdist_that_is_killed_costs_its_own_attempts_only(tree: Tree, tiny: Tiny) -> None:
    """The attempt of the killed worker is incomplete, every other one passes, and what was made is removed."""
    tree.scenarios(scenario("dies", DIES), *(scenario(f"other-{number}", "signup.sign_up(visitor)") for number in range(4)))

    done = tree.run("--surface", "api", "--lanes", "1", "--no-confirm", "--", "-n", "2")

    assert tree.ends() == {("dies", 1): "incomplete", **{(f"other-{number}", 1): "passed" for number in range(4)}}, done.stdout + done.stderr
    assert done.returncode == 3
    assert tree.outcomes()[-1].error == "the process that ran it died, or left without a word; its runner ended with exit code 1"
    assert tiny.accounts == {}


CI = ((signal.SIGINT, 7.5), (signal.SIGTERM, 2.5))
"""What CI sends to the command that it cancels, and the seconds that it then waits; at the end it kills what is left."""


def cancel(process: subprocess.Popen[str], *sent: tuple[signal.Signals, float]) -> str:
    """Send each signal and wait as long as CI would, then kill; return what the command printed."""
    for number, patience in sent:
        process.send_signal(number)
        try:
            return process.communicate(timeout=patience)[0]
        except subprocess.TimeoutExpired:
            continue
    process.kill()
    return process.communicate()[0]


@pytest.mark.parametrize("sent", [CI, CI[1:]], ids=["SIGINT", "SIGTERM"])
def test_a_ci_cancel_ends_in_a_run_that_is_told(tree: Tree, tiny: Tiny, sent: tuple[tuple[signal.Signals, float], ...]) -> None:
    """Before CI kills what is left, a run whose runner hangs has its exit, its reason and an outcome for what was under way; no product is blamed."""
    tree.scenarios(scenario("blocked", BLOCKS), scenario("behind", "pass"))
    process = tree.start("cli.main", "run", "--target", "tiny", "--surface", "api", "--lanes", "1")
    tree.await_told("step", title="block")

    said = cancel(process, *sent)

    first = sent[0][0]
    [blocked] = tree.outcomes()
    assert (blocked.status, blocked.error, blocked.where) == ("incomplete", f"stopped by {first.name}", "in the step 'block'")
    told = tree.record()
    assert told["exit"] == 3
    assert told["exit_reason"].startswith(f"the monitor cannot tell: 1 incomplete, 1 never ended; stopped by {first.name}")
    assert len(told["expected"]) == 2
    await_gone(str(tree.own), within=2)
    if first is signal.SIGINT:
        assert process.returncode == 3
        assert said.endswith(f"stopped by {first.name}\n")
        assert (tree.latest / "report" / "index.html").exists()
        assert (tree.latest / "junit.xml").exists()
        assert tiny.accounts == {}


class Hanging(Handler):
    """Takes every request, and answers none."""

    def do_GET(self) -> None:  # noqa: N802 -- the name that the standard library calls
        """Be silent until the other side has gone away."""
        self.rfile.read()


@pytest.mark.parametrize("sent", [CI, CI[1:]], ids=["SIGINT", "SIGTERM"])
def test_a_cancel_is_told_though_the_target_hangs(tree: Tree, tiny: Tiny, sent: tuple[tuple[signal.Signals, float], ...]) -> None:
    """Cleaning up keeps no cancelled run from telling its end; where there is time, what is left is listed and the reports are written."""
    tree.scenarios(scenario("blocked", "signup.register(visitor.site.visitor())\n" + BLOCKS))
    process = tree.start("cli.main", "run", "--target", "tiny", "--surface", "api", "--lanes", "1")
    tree.await_told("step", title="block")
    tiny.RequestHandlerClass = Hanging

    said = cancel(process, *sent)

    told = tree.record()
    assert (told["exit"], len(tree.outcomes())) == (3, 1)
    assert told["exit_reason"].startswith(f"the monitor cannot tell: 1 incomplete; stopped by {sent[0][0].name}")
    if sent is CI:
        assert process.returncode == 3
        assert [each.partition(": GET")[0] for each in told["left_behind"]] == [f"account {email}" for email in reversed(tiny.accounts)]
        assert said.endswith("exit 3: the monitor cannot tell: 1 incomplete; stopped by SIGINT; 2 things left behind\n")
        assert (tree.latest / "report" / "index.html").exists()


def test_a_cancel_before_anything_runs_is_told_too(tree: Tree) -> None:
    """While a target is asked who it is, and does not answer, a run can be ended."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        tree.targets((tree.own / "targets.toml").read_text().replace("serve = true", f'url = "http://127.0.0.1:{silent.getsockname()[1]}"'))
        tree.scenarios(scenario("never", "pass"))
        process = tree.start("cli.main", "run", "--target", "tiny", "--surface", "api")
        silent.accept()

        said = cancel(process, *CI)

    assert (process.returncode, tree.record()["exit"], tree.record()["exit_reason"]) == (3, 3, "stopped by SIGINT")
    assert said.endswith("exit 3: stopped by SIGINT\n")


def test_runners_end_with_a_supervisor_that_is_killed(tree: Tree, tiny: Tiny) -> None:
    """After a kill -9 of the command, its runner, the workers that block and the browser are gone."""
    tree.scenarios(scenario("blocked", BLOCKS))
    process = tree.start("cli.main", "run", "--target", "tiny", "--lanes", "1", "--", "-n", "2")
    for surface in ("api", "browser"):
        tree.await_told("step", title="block", nodeid=f"synthetics/signup/test_them.py::test_blocked[{surface}]")

    process.kill()
    process.communicate()

    await_gone(str(tree.own), within=30)
    assert tree.record()["exit"] is None


def test_a_run_ends_at_its_own_deadline(tree: Tree, tiny: Tiny) -> None:
    """Past --deadline nothing else is begun, what was under way is incomplete, and the run says why it ended."""
    tree.scenarios(scenario("blocked", BLOCKS), scenario("behind", "pass"))

    done = tree.run("--surface", "api", "--lanes", "1", "--deadline", "6")

    assert done.returncode == 3
    assert tree.record()["exit_reason"] == "the monitor cannot tell: 1 incomplete, 1 never ended; the run passed its deadline"
    assert tree.ends() == {("blocked", 1): "incomplete"}
    assert tiny.accounts == {}


def test_a_deadline_counts_from_what_the_supervisor_heard() -> None:
    """A clock that is set back or forth while an attempt runs neither ends it nor spares it."""
    progress = Progress()
    progress.take_in({"event": "collected", "items": [{"nodeid": "a", "deadline": 10}, {"nodeid": "b", "deadline": 100}]}, now=0)
    for name, at in (("a", 10**9), ("b", -(10**9)), ("c", 0)):
        progress.take_in({"event": "started", "nodeid": name, "at": at}, now=50)

    assert progress.overdue(62, grace=2) == []
    assert progress.overdue(62.1, grace=2) == ["a"]
    assert progress.overdue(172.1, grace=2) == ["a", "b", "c"]

    progress.take_in({"event": "finished", "nodeid": "a"}, now=63)
    assert progress.overdue(62.1, grace=2) == []


def test_only_what_bears_the_run_is_killed() -> None:
    """A process of another run, and one that only mentions this one, are left alone."""
    ours, other, mentions = (
        subprocess.Popen(["sleep", "60"], env={**os.environ, name: value}, start_new_session=True)
        for name, value in ((live.VARIABLE, '{"run": "this-run"}'), (live.VARIABLE, '{"run": "that-run"}'), ("OTHER", "this-run"))
    )
    try:
        assert supervisor.started_by("this-run") == [ours.pid]

        supervisor.kill(ours.pid)

        assert supervisor.started_by("this-run") == []
        assert [each.poll() for each in (ours, other, mentions)] == [-signal.SIGKILL, None, None]
    finally:
        for each in (ours, other, mentions):
            each.kill()
            each.wait()


def test_places_of_scenarios_narrow_what_is_collected() -> None:
    """A folder, a file or a test of the scenarios is a place; a word of an expression, or a place that is not there, stays pytest's."""
    given = ["-k", "quota", "synthetics/quota", "synthetics/face/test_page_works.py::test_x", "--surface", "api", "synthetics/nowhere"]
    assert apart(given) == (["synthetics/quota", "synthetics/face/test_page_works.py::test_x"], ["-k", "quota", "--surface", "api", "synthetics/nowhere"])
