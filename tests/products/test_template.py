"""The path of somebody new: copy the template to a folder of one's own, fill in what is marked, name it in a file of targets, sweep; then break the product."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.products.booth.server import STAFF, Booth, serving
from tests.tree import ROOT, Tree, plant

TEMPLATE = ROOT / "products" / "template"
MARK = "  # FILL IN"
TARGET = """
[ours]
product = "booth_product"
url = "{url}"
owner = "operators"
mailbox = "folder:mail"
mail_domain = "people.example.com"
allow = ["read", "create", "destroy"]

[ours.lanes]
api = 8
browser = 3

[ours.secrets]
operator_token = {{ env = "BOOTH_STAFF_TOKEN" }}

[ours.budgets]
provisioning = {{ expected = 4, limit = 20 }}
mail = {{ expected = 5, limit = 20 }}
agreement = {{ expected = 2, limit = 4 }}
"""
FILLED = {
    "PRODUCT": '"Booth"',
    "VERSION": '"/about"',
    "ACCOUNTS": '"/v2/people"',
    "SESSIONS": '"/v2/logins"',
    "ME": '"/v2/self"',
    "PROJECTS": '"/v2/stalls"',
    "STAFF_ACCOUNTS": '"/staff/people"',
    "SIGN_UP_PAGE": '"/join"',
    "LOG_IN_PAGE": '"/enter"',
    "HOME_PAGE": '"/"',
    "PROJECT_PAGE": '"/stalls/"',
    "NAME, EMAIL, PASSWORD": '"Full name", "E-mail", "Secret"',
    "PROJECT_NAME": '"Stall"',
    "SIGN_UP, LOG_IN, LOG_OUT, CREATE": '"Join", "Enter", "Leave", "Open a stall"',
    "PERSON_MARK": '"me"',
    "PROJECT_MARK": '"stall"',
    "STATES": '{"building": State.PROVISIONING, "open": State.ACTIVE}',
    "REASONS": '{"who_are_you": Reason.UNAUTHENTICATED, "wrong_login": Reason.BAD_CREDENTIALS, "person_exists": Reason.TAKEN, "bad_field": Reason.INVALID,'
    ' "no_such_stall": Reason.NOT_FOUND, "staff_only": Reason.FORBIDDEN, "nobody": Reason.NOT_FOUND, "full": Reason.QUOTA, "busy": Reason.BUSY}',
}
APPLIES = {
    "signup.first-workspace",
    "signup.log-out",
    "signup.malformed-input",
    "signup.no-enumeration",
    "signup.duplicate-address",
    "provisioning.ready-and-used",
    "provisioning.states-forward",
    "provisioning.views-agree",
}
"""What can be promised by a product that offers no more than the template starts with."""


def fill_in(words: Path) -> None:
    """Fill in each marked line; one that is not known here fails, and so does one that is known and not there."""
    places = dict(FILLED)
    lines = words.read_text().splitlines()
    for number, line in enumerate(lines):
        if MARK in line:
            name = line.partition(" = ")[0]
            lines[number] = f"{name} = {places.pop(name)}"
    assert not places, f"not marked in the template: {', '.join(places)}"
    words.write_text("\n".join(lines) + "\n")


@pytest.fixture(scope="module")
def booth() -> Iterator[Booth]:
    """Serve Booth on loopback."""
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def house(booth: Booth, tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """A checkout of the suite, and beside it a folder of one's own with the filled-in copy and a file of targets."""
    folder = tmp_path_factory.mktemp("template")
    tree = plant(folder / "house", folder / "own")
    shutil.copytree(ROOT / "synthetics", tree.folder / "synthetics", dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(TEMPLATE, tree.own / "booth_product", ignore=shutil.ignore_patterns("__pycache__"))
    fill_in(tree.own / "booth_product" / "words.py")
    tree.targets(TARGET.format(url=booth.url))
    tree.environment["BOOTH_STAFF_TOKEN"] = STAFF
    return tree


@pytest.fixture
def whole(booth: Booth) -> Iterator[Booth]:
    """Booth, in order again after the test."""
    yield booth
    booth.broken.clear()


def test_a_filled_in_copy_sweeps_green_on_both_surfaces(house: Tree, whole: Booth) -> None:
    """Every promise that applies is kept on both surfaces, what does not apply is on record as such, and nothing is left behind."""
    done = house.ended("cli.main", "run", "--target", "ours")

    assert done.returncode == 0, done.stdout + done.stderr
    assert {each.scenario for each in house.outcomes() if each.status == "passed"} == APPLIES
    assert len([each for each in house.outcomes() if each.status == "passed"]) == 2 * len(APPLIES)
    assert {str(each.status) for each in house.outcomes()} == {"passed", "not_applicable"}
    assert house.record()["version"] == "Booth 7"
    assert house.record()["left_behind"] == []
    assert whole.people == {}


def test_what_the_product_breaks_is_red_and_nothing_else(house: Tree, whole: Booth) -> None:
    """A session that outlives its log-out and a list that leaves the newest out are each told by their own scenario, with what was seen."""
    whole.broken |= {"log-out", "list"}
    done = house.ended("cli.main", "run", "--target", "ours", "--no-confirm", "--surface", "api")

    red = {each.scenario: each.error or "" for each in house.outcomes() if each.status == "failed"}
    assert done.returncode == 1, done.stdout + done.stderr
    assert set(red) == {"signup.log-out", "provisioning.views-agree"}
    assert "using a copy of the session after logging out must be refused as 'unauthenticated', but was accepted" in red["signup.log-out"]
    assert "in the list, stayed missing" in red["provisioning.views-agree"]
    assert {each.scenario for each in house.outcomes() if each.status == "passed"} == APPLIES - set(red)


def test_another_product_at_the_address_is_told_before_anything_is_sent(house: Tree, whole: Booth) -> None:
    """A copy that is filled in with another product's name sends no sign-up, and the run says who answers."""
    words = house.own / "booth_product" / "words.py"
    kept = words.read_text()
    words.write_text(kept.replace('PRODUCT = "Booth"', 'PRODUCT = "Marquee"'))
    try:
        done = house.ended("cli.main", "run", "--target", "ours", "--no-confirm", "--surface", "api")
    finally:
        words.write_text(kept)

    assert done.returncode == 3, done.stdout + done.stderr
    assert "is 'Booth', not Marquee; nothing was sent to it" in done.stdout
    assert whole.people == {}


def test_the_readme_names_every_reason_and_every_file() -> None:
    """The table of the template's README has each reason that a driver may give, and its steps name each file that is there."""
    text = (TEMPLATE / "README.md").read_text()
    reasons = ast.parse((ROOT / "flows" / "contract" / "refusals.py").read_text())
    enum = next(node for node in reasons.body if isinstance(node, ast.ClassDef) and node.name == "Reason")
    names = {target.id for each in enum.body if isinstance(each, ast.Assign) for target in each.targets if isinstance(target, ast.Name)}

    assert names <= set(re.findall(r"`([A-Z_]+)`", text))
    assert {file.name for file in TEMPLATE.glob("*.py")} - {"__init__.py"} <= set(re.findall(r"`(\w+\.py)`", text))
