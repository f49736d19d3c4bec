"""`synthetics list` prints what is promised, by journey, without asking any product."""

from __future__ import annotations

import json

import pytest

from tests.tree import Tree, scenario

PAYS = scenario("pays", "pass", id="account.pays", needs="(Billing,)", owner="'billing'", severity="'warning'", surfaces="(Surface.BROWSER,)")


def test_it_prints_the_scenarios_by_journey(tree: Tree) -> None:
    """Each stands under its journey with owner, severity, failure class, surfaces, the products that offer it, and its promise; nothing is made."""
    tree.scenarios(scenario("starts", "pass"))
    tree.scenarios(PAYS, journey="account")

    done = tree.ended("cli.main", "list")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split("\n") == [
        "",
        "Signup and onboarding (1)",
        "  signup.starts  growth, critical, availability; on api and browser; tiny (api, browser)",
        "      The promise of starts.",
        "",
        "Account and billing (1)",
        "  account.pays  billing, warning, availability; on browser; offered by no product",
        "      The promise of pays.",
        "",
        "2 scenarios",
        "",
    ]
    assert not (tree.folder / "artifacts").exists()


def test_it_prints_json(tree: Tree) -> None:
    """The same as data, for other programs."""
    tree.scenarios(scenario("starts", "pass"))

    [told] = json.loads(tree.ended("cli.main", "list", "--json").stdout)

    assert told == {
        "scenario": "signup.starts",
        "title": "The promise of starts.",
        "journey": "signup",
        "owner": "growth",
        "severity": "critical",
        "failure": "availability",
        "risk": "nobody-can-start",
        "runbook": "launch/runbooks/sign-up.md",
        "surfaces": ["api", "browser"],
        "products": {"tiny": ["api", "browser"]},
    }


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (scenario("a", "pass", owner="'nobody'"), "scenario 'signup.a': saw owner 'nobody'; allowed (launch/owners.toml) is one of growth, "),
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
    ],
    ids=["declared wrongly", "unreadable"],
)
def test_a_scenario_that_is_wrong_is_bad_input(tree: Tree, wrong: str, said: str) -> None:
    """No scenario is left out in silence: the list ends with exit code 2, and says in which file what is wrong."""
    tree.scenarios(scenario("starts", "pass"))
    tree.scenarios(wrong, file="test_wrong.py")

    done = tree.ended("cli.main", "list")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"synthetics list: synthetics/signup/test_wrong.py: {said}")
    assert done.stderr.count("\n") == 1
