"""`synthetics run` on Tiny, for real: what it writes, how it confirms, and each of its exit codes."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.products.tiny.server import Tiny
from tests.tree import Tree, await_gone, beside, plant, scenario

SIGNS_UP = "print(visitor.email, file=open('../own/{}.txt', 'a'))\nsignup.sign_up(visitor)\n"
TRIED = "len(open('../own/{}.txt').readlines())"
STICKY = "from dataclasses import replace\nvisitor.identity = replace(visitor.identity, name='Sticky One')\nsignup.sign_up(visitor)"
SCENARIOS = (
    scenario("kept", "with step('a'):\n    signup.sign_up(visitor)", owner="'billing'", severity="'warning'"),
    scenario("broken", SIGNS_UP.format("broken") + "with step('b'):\n    assert 1 == 2, 'one is not two'", failure="'integrity'"),
    scenario("stumbling", SIGNS_UP.format("stumbling") + f"assert {TRIED.format('stumbling')} == 2, 'not yet'"),
    scenario("sticky", STICKY),
)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Tree, Tiny, str]]:
    """Run these by API, once; return what was printed, too."""
    folder = tmp_path_factory.mktemp("run")
    tree = plant(folder / "house", folder / "own")
    with beside(tree) as tiny:
        tree.scenarios(*SCENARIOS)
        done = tree.run("--surface", "api")
        assert done.returncode == 1, done.stdout + done.stderr
        await_gone(str(tree.own), within=2)
        yield tree, tiny, done.stdout


def test_what_did_not_pass_is_tried_again_whole_and_both_attempts_are_kept(ran: tuple[Tree, Tiny, str]) -> None:
    """What broke twice is broken, what passed only then is degraded, what passed at once is not tried again."""
    tree, _, said = ran

    assert tree.ends() == {
        ("kept", 1): "passed",
        ("broken", 1): "failed",
        ("stumbling", 1): "failed",
        ("sticky", 1): "passed",
        ("broken", 2): "failed",
        ("stumbling", 2): "passed",
    }
    assert "1 promise broken" in said
    assert "≈ 1 degraded" in said


def test_the_second_attempt_is_made_with_fresh_data(ran: tuple[Tree, Tiny, str]) -> None:
    """Each attempt signs up somebody else, under a name that bears the run."""
    tree, _, _ = ran
    emails = (tree.own / "broken.txt").read_text().split() + (tree.own / "stumbling.txt").read_text().split()

    assert len(set(emails)) == 4
    assert {email.rpartition("-")[0] for email in emails} == {f"syn-{tree.latest.name.rpartition('-')[2]}"}


def test_run_json_tells_what_was_run(ran: tuple[Tree, Tiny, str]) -> None:
    """Target, product and version, UTC times, what was expected and tried, the exit and why: all of it stands in one file."""
    tree, tiny, _ = ran
    told = tree.record()

    assert {key: told[key] for key in ("run", "target", "url", "product", "version", "exit", "executed", "rounds", "location")} == {
        "run": tree.latest.name,
        "target": "tiny",
        "url": tiny.url,
        "product": "tiny",
        "version": "Tiny 1",
        "exit": 1,
        "executed": 6,
        "rounds": 2,
        "location": "local",
    }
    assert [(each["scenario"], each["surface"]) for each in told["expected"]] == [
        (f"signup.{name}", "api") for name in ("kept", "broken", "stumbling", "sticky")
    ]
    assert told["exit_reason"] == "1 promise broken; 1 things left behind"
    began, ended = (datetime.fromisoformat(told[key]) for key in ("started", "ended"))
    assert began.utcoffset() == ended.utcoffset() == began - began
    assert began < ended


def test_what_could_not_be_removed_is_listed_and_everything_else_is_gone(ran: tuple[Tree, Tiny, str]) -> None:
    """The one account that the product keeps is named by its attempt, by run.json and in the last words; no other is left."""
    tree, tiny, said = ran
    [left] = tiny.accounts

    [sticky] = [each for each in tree.outcomes() if each.scenario == "signup.sticky"]
    assert list(sticky.left_behind) == tree.record()["left_behind"] == [f"account {left}: refused: stale version, status 409"]
    assert "1 thing left behind" in said


def test_an_outcome_says_all_that_judgement_needs(ran: tuple[Tree, Tiny, str]) -> None:
    """A line holds what the scenario declares, and what became of it."""
    tree, _, _ = ran
    lines = [json.loads(line) for line in (tree.latest / "outcomes.jsonl").read_text().splitlines()]
    [broken] = [line for line in lines if (line["scenario"], line["attempt"]) == ("signup.broken", 2)]

    assert {key: broken[key] for key in ("title", "journey", "surface", "owner", "severity", "failure", "risk", "status", "error", "blame", "runbook")} == {
        "title": "The promise of broken.",
        "journey": "signup",
        "surface": "api",
        "owner": "growth",
        "severity": "critical",
        "failure": "integrity",
        "risk": "nobody-can-start",
        "status": "failed",
        "error": "one is not two",
        "blame": "product",
        "runbook": "launch/runbooks/sign-up.md",
    }
    assert [step["title"] for step in broken["steps"]] == ["sign up", "log in", "b"]
    assert broken["where"].startswith("in the step 'b'; synthetics/signup/test_them.py:")
    assert broken["seconds"] > 0
    assert datetime.fromisoformat(broken["started"]).utcoffset() is not None
    assert re.fullmatch("[0-9a-f]{32}", broken["trace_id"])
    assert set(broken["evidence"]) == {"requests"}


def test_the_reports_are_written(ran: tuple[Tree, Tiny, str]) -> None:
    """JUnit, Allure's results, the page and the evidence stand in the run's folder, which `latest` points to, and the last lines say where."""
    tree, _, said = ran
    cases = {case.attrib["name"]: [child.tag for child in case if child.tag != "properties"] for case in ET.parse(tree.latest / "junit.xml").iter("testcase")}
    page = (tree.latest / "report" / "index.html").read_text()

    assert cases == {"signup.kept[api]": [], "signup.broken[api]": ["failure"], "signup.stumbling[api]": [], "signup.sticky[api]": []}
    assert len(list((tree.latest / "allure-results").glob("*-result.json"))) == 6
    assert "The promise of broken." in page
    assert sorted(folder.name for folder in (tree.latest / "evidence").iterdir()) == [
        "signup.broken-api-1",
        "signup.broken-api-2",
        "signup.stumbling-api-1",
    ]
    assert (tree.folder / "artifacts" / "latest").readlink() == Path(tree.latest.name)
    assert said.splitlines()[-3:] == [f"report   {tree.latest / 'report' / 'index.html'}", f"run      {tree.latest}", f"exit 1: {tree.record()['exit_reason']}"]


def test_each_exit_code_and_the_options_behind_the_dashes(tree: Tree, tiny: Tiny) -> None:
    """What is chosen by -k and -m is all that is tried: kept is 0, broken is 1, a mark that nothing has is 2, nothing chosen is 3."""
    tree.scenarios(*SCENARIOS)
    ends = {}
    for words in ("-k kept -m warning", "-k kept -m critical", "-k broken", "-m imaginary"):
        done = tree.run("--surface", "api", "--no-confirm", "--", *words.split())
        ends[words] = (done.returncode, set(tree.ends()), re.sub(r" (in|of) .*", "", done.stdout.splitlines()[-1]))

    assert ends == {
        "-k kept -m warning": (0, {("kept", 1)}, "exit 0: every promise kept"),
        "-k kept -m critical": (3, set(), "exit 3: nothing was tried; the runner said: 8 deselected"),
        "-k broken": (1, {("broken", 1)}, "exit 1: 1 promise broken"),
        "-m imaginary": (2, set(), "exit 2: -m 'imaginary': saw the mark 'imaginary'; allowed is one"),
    }
    assert tiny.accounts == {}


def test_plain_pytest_works_too(tree: Tree, tiny: Tiny) -> None:
    """Without the command, -k, -m and -n choose and spread as everybody knows them; the run is on record, and what it made is gone."""
    tree.scenarios(*SCENARIOS)

    done = tree.ended("pytest", "synthetics", "--target", "tiny", "-k", "kept or broken", "-m", "api and signup", "-n", "2")

    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 failed, 1 passed" in done.stdout
    assert tree.ends() == {("kept", 1): "passed", ("broken", 1): "failed"}
    assert tiny.accounts == {}
