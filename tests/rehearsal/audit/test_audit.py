"""`synthetics audit` for real, on a product as small as can be: what is blind is found, what sees is left alone, and what cannot be replayed is said."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.tree import Tree, scenario

SEES = scenario(
    "sees",
    """
    me = customer.accounts.whoami()
    assert me.email == customer.email
    assert customer.site.operator().find_account(customer.email) == me.id
    """,
    fixture="customer",
    needs="(SignUp, Sessions)",
)
BLIND = scenario("blind", "customer.accounts.whoami()", fixture="customer", needs="(SignUp, Sessions)")
UNFAITHFUL = scenario(
    "unfaithful",
    """
    import secrets
    customer.site.operator().find_account(f"{secrets.token_hex(8)}@example.com")
    """,
    fixture="customer",
    needs="(SignUp, Sessions)",
)


@pytest.fixture(autouse=True)
def nothing_is_accepted(tree: Tree) -> None:
    """What this house accepts of its own scenarios says nothing of those that are written here."""
    (tree.folder / "rehearsal" / "audit" / "accepted.toml").write_text("")


def audit(tree: Tree, *words: str) -> tuple[int, str, dict[str, Any]]:
    """Run the audit; return its exit code, what it printed, and its JSON."""
    done = tree.ended("cli.main", "audit", "--target", "tiny", *words)
    [said] = list((tree.folder / "artifacts").glob("*/audit/audit.json")) or [None]
    return done.returncode, done.stdout + done.stderr, json.loads(said.read_text()) if said else {}


def test_a_scenario_that_notices_everything_ends_with_0(tree: Tree) -> None:
    """Whatever is wrong with an answer that it relies on is noticed, and the product is blamed for it; the recording needs no second look at the product."""
    tree.scenarios(SEES)

    code, printed, said = audit(tree)

    assert code == 0, printed
    [row] = said["scenarios"]
    assert row["missing"] == row["asserted_elsewhere"] == []
    assert row["tried"] == row["fates"]["noticed"] > 8
    assert (tree.folder / "artifacts" / said_folder(tree) / "audit" / "index.html").exists()


def test_a_blind_scenario_is_found_and_its_missing_assertions_are_named(tree: Tree) -> None:
    """Nobody asserts what `/me` says: the address and the id may be another's."""
    tree.scenarios(BLIND)

    code, printed, said = audit(tree)

    assert code == 1, printed
    [row] = said["scenarios"]
    assert {(each["operator"], each["request"], each["field"]) for each in row["missing"]} == {
        ("other-value", "GET /me", "email"),
        ("swapped-id", "GET /me", "id"),
    }
    assert "missing assertion: swapped-id: GET /me: id: " in printed
    assert row["fates"]["noticed"] > 3, "what breaks the driver is noticed all the same"


def test_a_field_that_another_scenario_asserts_is_nobodys_omission(tree: Tree) -> None:
    """The catalogue is asked as a whole: it is enough that one promise speaks of a field."""
    tree.scenarios(BLIND, SEES)

    code, printed, said = audit(tree)

    assert code == 0, printed
    blind = next(row for row in said["scenarios"] if row["scenario"] == "signup.blind")
    assert {each["by"] for each in blind["asserted_elsewhere"]} == {"signup.sees"}


def test_a_part_of_the_catalogue_does_not_say_that_nobody_asserts_a_field(tree: Tree) -> None:
    """With one scenario chosen, what it passes over is shown and held against nobody."""
    tree.scenarios(BLIND, SEES)

    code, printed, _ = audit(tree, "--scenario", "signup.bl*", "--operators", "swapped-id,server-error")

    assert code == 0, printed
    assert "not asserted here: swapped-id: GET /me: id: " in printed


def test_a_scenario_that_cannot_be_replayed_is_said_and_never_left_out(tree: Tree) -> None:
    """It makes up a name of its own, so its requests are others each time: the audit cannot tell, and says what was asked that was never recorded."""
    tree.scenarios(SEES, UNFAITHFUL)

    code, printed, said = audit(tree)

    assert code == 3, printed
    row = next(row for row in said["scenarios"] if row["scenario"] == "signup.unfaithful")
    assert row["untold"].startswith("cannot be replayed: it asked what was never recorded: call: GET http://")


def test_a_promise_that_is_broken_cannot_be_audited(tree: Tree) -> None:
    """Without a healthy attempt there is nothing to spoil."""
    tree.scenarios(scenario("broken", "assert customer.accounts.whoami().email == 'somebody'", fixture="customer", needs="(SignUp, Sessions)"))

    code, printed, said = audit(tree)

    assert code == 3, printed
    assert said["scenarios"][0]["untold"].startswith("no healthy attempt: failed: assert 'syn-")


def test_what_is_accepted_needs_a_reason_that_still_holds(tree: Tree) -> None:
    """A survivor is accepted by a line of the file; a line that accepts nothing any more is an error."""
    tree.scenarios(BLIND)
    file = tree.folder / "rehearsal" / "audit" / "accepted.toml"
    file.write_text(
        '[names]\noperator = "other-value"\nrequest = "GET /me"\nreason = "r1"\n'
        '[ids]\noperator = "swapped-id"\nscenario = "signup.*"\nreason = "r2"\n'
        '[gone]\noperator = "lost-mail"\nreason = "there is no mail"\n'
    )

    code, printed, said = audit(tree)

    assert code == 1, printed
    assert {each["reason"] for each in said["scenarios"][0]["accepted"]} == {"r1", "r2"}
    assert said["scenarios"][0]["missing"] == []
    assert [each["name"] for each in said["stale_acceptances"]] == ["gone"]


def test_no_password_or_token_is_left_behind(tree: Tree) -> None:
    """The tapes hold both; they end with the audit, and what is written tells neither."""
    tree.scenarios(SEES)

    assert audit(tree)[0] == 0

    told = (tree.own / "sessions.txt" if (tree.own / "sessions.txt").exists() else next(tree.folder.rglob("sessions.txt"))).read_text().split()
    assert told
    written = "".join(file.read_text(errors="replace") for file in (tree.folder / "artifacts").rglob("*") if file.is_file())
    assert not [token for token in told if token in written]


def test_bad_input_is_one_message(tree: Tree) -> None:
    """An unknown operator and a pattern that fits nothing end with 2."""
    tree.scenarios(SEES)

    unknown, unfit = audit(tree, "--operators", "rain"), audit(tree, "--scenario", "nothing.*")

    assert (unknown[0], unfit[0]) == (2, 2)
    assert unknown[1].startswith("synthetics audit: --operators: saw rain; allowed are dropped-field, ")
    assert unfit[1].startswith("synthetics audit: --scenario nothing.*: fits no scenario that target 'tiny' offers by API")


def said_folder(tree: Tree) -> str:
    """Return the name of the one run's folder."""
    [page] = (tree.folder / "artifacts").glob("*/audit")
    return page.parent.name
