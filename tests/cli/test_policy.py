"""`synthetics policy` says what to expect of the alerts before anything breaks."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from cli import policy
from tests.tree import TARGET, Tree, scenario
from tests.verdicts.made import outcome
from verdicts.expectation import Pace, Promise, expect
from verdicts.history import runs
from verdicts.history.store import History
from verdicts.outcome import Status
from verdicts.view import DEFAULT

STARTS = scenario("starts", "pass")
LATE = scenario("late", "pass", failure="'latency'")
PAYS = scenario("pays", "pass", needs="(Billing,)")


def told(tree: Tree, *words: str) -> dict[str, Any]:
    """Return what it prints as data."""
    done = tree.ended("cli.main", "policy", "--target", "tiny", "--json", *words)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_it_prints_the_figures_of_each_scenario(tree: Tree) -> None:
    """Time to detect, its budget, false pages, and the policy in words; what the product does not offer has no figures."""
    tree.scenarios(STARTS, LATE, PAYS)
    data = told(tree)
    late, starts, journey = data["scenarios"]
    expected = expect(Promise("signup.starts", "availability", 2, 60), Pace(300), DEFAULT)

    assert (data["target"], data["cadence"]) == ("tiny", 300)
    assert starts == {
        "scenario": "signup.starts",
        "journey": "signup",
        "failure": "availability",
        "severity": "critical",
        "surfaces": ["api", "browser"],
        "risk": "nobody-can-start",
        "detect": expected.detect,
        "detect_worst": expected.detect_worst,
        "detect_within": 900,
        "false_pages": expected.false_pages,
        "over": [],
        "policy": expected.why,
    }
    assert (late["scenario"], late["detect"]) == ("signup.late", expected.detect + 300)
    assert (journey["scenario"], journey["failure"], journey["detect_within"]) == ("signup.*", "latency", None)


def test_it_prints_tables_for_people(tree: Tree) -> None:
    """A row for each scenario, each policy in words, the assumptions, and the sum."""
    tree.scenarios(STARTS, LATE)
    lines = tree.ended("cli.main", "policy", "--target", "tiny").stdout.splitlines()
    row = next(line for line in lines if "signup.starts" in line)

    assert lines[0].strip() == "Signup and onboarding"
    assert " ".join(row.split()) == "signup.starts availability critical 480 s 660 s 900 s 0.35"
    assert "  availability (1): one failure, confirmed by a second whole attempt, or 2 of the last 3 runs failed; closes after 2 clean runs" in lines
    assert any(
        line.startswith("tiny: every 5 min from one location; a run takes 5 min (assumed), 0.2 % of attempts fail once by chance (assumed)") for line in lines
    )
    assert lines[-1] == "All of it: 0.35 false pages in 30 days; none over a budget."


def test_what_cannot_be_confirmed_takes_longer_or_never_comes(tree: Tree) -> None:
    """Without the second attempt, two runs must fail; a time that never comes is null."""
    tree.scenarios(STARTS, LATE)
    late, starts, _ = told(tree, "--no-confirm")["scenarios"]

    assert (late["detect"], late["detect_worst"], late["over"]) == (None, None, ["detect_within"])
    assert starts["policy"].startswith("2 of the last 3 runs failed")


def test_what_the_history_tells_takes_the_place_of_what_is_assumed(tree: Tree) -> None:
    """Runs of the last day say how long a run and an attempt take, and how often an attempt stumbles."""
    tree.scenarios(STARTS)
    keep(tree, took=90, stumbles=6)
    data = told(tree)
    [starts, _] = data["scenarios"]

    assert data["run"] == {"seconds": 90, "measured": True}
    assert data["blips"] == {"share": pytest.approx(6 / 600), "measured": True}
    assert starts["detect"] == pytest.approx(150 + 90 + 1.5)
    assert starts["false_pages"] == pytest.approx(8640 * 2 * 0.01 * 0.01)


def test_a_history_that_cannot_be_read_measures_nothing_and_says_so(tree: Tree) -> None:
    """The figures are there all the same, and none is made where there was none."""
    tree.scenarios(STARTS)
    absent = tree.own / "absent.sqlite"
    tree.environment["SYNTHETICS_HISTORY"] = str(absent)
    before = told(tree)
    tree.environment["SYNTHETICS_HISTORY"] = "postgresql://nobody@127.0.0.1:9/none"
    done = tree.ended("cli.main", "policy", "--target", "tiny", "--json")

    assert not absent.exists()
    assert "synthetics policy: nothing is measured: " in done.stderr
    assert json.loads(done.stdout) == before


def keep(tree: Tree, *, took: float, stumbles: int) -> None:
    """Write a history of 300 runs of the last day on both surfaces, in so many of which an attempt passed only at the second try."""
    place = tree.own / "history.sqlite"
    tree.environment["SYNTHETICS_HISTORY"] = str(place)
    history, now = History.open(str(place)), time.time()
    with history.begin() as tx:
        for number in range(300):
            run, ended = f"run-{number}", now - 60 - 280 * number
            folder = tree.own / run
            folder.mkdir()
            facts = {"run": run, "target": "tiny", "started": iso(ended - took), "ended": iso(ended), "exit": 0, "exit_reason": "kept", "location": "local"}
            (folder / "run.json").write_text(json.dumps({**facts, "expected": [], "whole": True}))
            first = [Status.FAILED, Status.PASSED] if number < stumbles else [Status.PASSED]
            tried = [("api", attempt, status) for attempt, status in enumerate(first, 1)] + [("browser", 1, Status.PASSED)]
            lines = [outcome(status, scenario="signup.starts", surface=on, attempt=attempt, run=run, target="tiny").to_json() for on, attempt, status in tried]
            (folder / "outcomes.jsonl").write_text("\n".join(lines) + "\n")
            runs.import_folder(tx, folder)
    history.close()


def iso(moment: float) -> str:
    """Write a time as a run's record does."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")


def test_several_locations_are_counted(tree: Tree) -> None:
    """Agreement and locations of the target go into the figures."""
    tree.targets(TARGET.replace("owner", 'locations = ["local", "oslo", "graz"]\nagree = 2\nowner', 1))
    tree.scenarios(STARTS)
    starts, _ = told(tree)["scenarios"]

    assert "seen from 2 of 3 locations" in starts["policy"]
    assert starts["false_pages"] < 0.001


def test_a_scenario_over_its_time_to_detect_fails_collection(tree: Tree) -> None:
    """The message says which, what is expected and allowed, at which cadence, and what to do; every command that collects ends with it."""
    tree.targets(TARGET.replace("owner", "cadence = 1200\nowner", 1))
    tree.scenarios(STARTS, PAYS)
    said = (
        "synthetics/signup/test_them.py: scenario 'signup.starts': would be told broken after 930 s in the mean, at a cadence of 1200 s "
        "(targets.toml: tiny.cadence); allowed is 900 s (launch/risks.toml: nobody-can-start.detect_within): "
        "run more often, or bear it longer; `synthetics policy` has the figures"
    )
    collected = tree.ended("pytest", "synthetics", "--target", "tiny", "-q")
    printed = tree.ended("cli.main", "policy", "--target", "tiny")

    assert (collected.returncode, printed.returncode) == (4, 2)
    assert [line for line in collected.stderr.splitlines() if "told broken" in line] == [f"ERROR: {said}"]
    assert said in printed.stderr


@pytest.mark.parametrize(("cadence", "refused"), [(1140, False), (1141, True)])
def test_the_budget_itself_is_allowed(tree: Tree, cadence: int, refused: bool) -> None:
    """Half a cadence, a run of five minutes and a second attempt of half a minute: 900 seconds are borne, and no more."""
    tree.targets(TARGET.replace("owner", f"cadence = {cadence}\nowner", 1))
    tree.scenarios(STARTS)

    assert (tree.ended("pytest", "synthetics", "--target", "tiny", "-q", "--collect-only").returncode == 4) is refused


def test_what_is_over_a_budget_is_named() -> None:
    """Each of the two budgets by its name."""
    expected = expect(Promise("signup.starts", "integrity", 2, 60), Pace(300, locations=3), DEFAULT)

    assert policy.Line(expected, "signup", "integrity", "critical", ("api",), "x", 900).over == ["false_pages"]
    assert policy.Line(expected, "signup", "integrity", "critical", ("api",), "x", 100).over == ["detect_within", "false_pages"]
    assert policy.seconds(float("inf")) == "never"
