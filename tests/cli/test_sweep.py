"""What a run left that was killed is removed by a later one, or on demand; before that one can see what it would be."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from tests.products.tiny.server import Tiny
from tests.tree import Tree, await_gone, scenario
from verdicts.history.runs import import_folder
from verdicts.history.store import History

MARKED, UNMARKED = "syn-4f1c2a-12345678@people.example.com", "ana@people.example.com"


@pytest.fixture
def dead(tree: Tree, tiny: Tiny) -> Path:
    """A run of an hour ago in the history, whose ledger names an account of its own and, by mistake, one of somebody else."""
    tiny.accounts |= {MARKED: "made-1", UNMARKED: "ana-1"}
    place = tree.folder / "artifacts" / "20260101T120000Z-4f1c2a"
    place.mkdir(parents=True)
    before = time.time() - 3600
    (place / "run.json").write_text(json.dumps({"run": place.name, "target": "tiny", "started": "2026-01-01T12:00:00Z", "state": "ended"}))
    lines = [
        {"key": key, "kind": "account", "name": name, "id": None, "state": "made", "nodeid": "n", "at": before}
        for key, name in (("1", MARKED), ("2", UNMARKED))
    ]
    (place / "ledger.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    history = History.open(str(tree.own / "history.sqlite"))
    with history.begin() as tx:
        import_folder(tx, place)
    history.close()
    tree.environment["SYNTHETICS_HISTORY"] = str(tree.own / "history.sqlite")
    return place


def sweep(tree: Tree, *words: str) -> tuple[int, list[str]]:
    """Sweep Tiny, and return the exit code and what was said."""
    done = tree.ended("cli.main", "sweep", "--target", "tiny", *words)
    return done.returncode, [re.sub(r"\d+ (h|min) \d\d (min|s)", "a while", line) for line in done.stdout.splitlines()]


def test_a_dry_run_asks_nothing_of_the_target(tree: Tree, tiny: Tiny, dead: Path) -> None:
    """It says what would be removed and what would not, and how old it is; what is younger than asked for is not named."""
    young = sweep(tree, "--older", "2h", "--dry-run")

    assert young == (0, ["left: 0"])
    assert sweep(tree, "--dry-run") == (
        0,
        [
            f"account {MARKED}, made a while ago by run {dead.name}: would be removed",
            f"account {UNMARKED}, made a while ago by run {dead.name}: would stay: it does not bear the mark of its run",
            "left: 2",
        ],
    )
    assert tiny.seen == []
    assert set(tiny.accounts) == {MARKED, UNMARKED}


def test_a_sweep_removes_what_is_ours_and_old(tree: Tree, tiny: Tiny, dead: Path) -> None:
    """What stands in a ledger without the mark of its run is let alone, and is told again each time."""
    said = f"left: account {UNMARKED}: it does not bear the mark of run {dead.name}"

    assert sweep(tree) == (3, [said, "gone: 1, left: 1"])
    assert sweep(tree) == (3, [said, "gone: 0, left: 1"])
    assert set(tiny.accounts) == {UNMARKED}


def test_the_next_run_sweeps_too_and_says_so(tree: Tree, tiny: Tiny, dead: Path) -> None:
    """How much it swept is a figure of the run, and what it could not remove is left behind."""
    tree.scenarios(scenario("kept", "signup.sign_up(visitor)"))

    done = tree.run("--surface", "api")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "swept of what earlier runs left: 1" in done.stdout
    assert (tree.record()["swept"], len(tree.record()["left_behind"])) == (1, 1)
    assert set(tiny.accounts) == {UNMARKED}


def test_a_target_from_which_nothing_may_be_removed_is_told_once(tree: Tree, tiny: Tiny, dead: Path) -> None:
    """However much is left there: one sentence says how much, and why; nothing is asked for."""
    file = tree.own / "targets.toml"
    file.write_text(file.read_text().replace('"create", "destroy"', '"create"'))
    why = "target 'tiny' does not allow to destroy what was made (targets.toml: tiny.allow)"

    assert sweep(tree) == (3, [f"left: 2 things that earlier runs made: {why}", "gone: 0, left: 1"])
    assert [each["path"] for each in tiny.seen] == ["/version"]


def test_what_a_living_run_makes_is_let_alone(tree: Tree, tiny: Tiny) -> None:
    """However young a sweep is told to take things: a run whose process is there may still need them. Once it is killed, they go."""
    tree.scenarios(scenario("blocked", "import time\nsignup.sign_up(visitor)\nwith step('block'):\n    time.sleep(600)"))
    process = tree.start("cli.main", "run", "--target", "tiny", "--surface", "api", "--lanes", "1")
    tree.await_told("step", title="block")
    meanwhile = sweep(tree, "--older", "0.001s"), set(tiny.accounts)
    process.kill()
    process.communicate()
    await_gone(str(tree.own))

    assert meanwhile[0] == (0, ["gone: 0, left: 0"])
    assert len(meanwhile[1]) == 1
    assert sweep(tree) == (0, ["gone: 0, left: 0"])
    assert sweep(tree, "--older", "0.001s") == (0, ["gone: 1, left: 0"])
    assert tiny.accounts == {}


def test_a_target_that_ends_with_its_run_has_nothing_to_sweep(tree: Tree) -> None:
    """It is refused, and told why."""
    done = tree.ended("cli.main", "sweep", "--target", "tiny")

    assert done.returncode == 2
    assert "is served for its run and ends with it; allowed is a target with a url" in done.stderr
