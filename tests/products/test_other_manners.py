"""Products differ in ways that break no promise. What is done differently is swept green; what is broken is red all the same."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.products.booth.server import STAFF, Booth, serving
from tests.products.test_template import TARGET, TEMPLATE, fill_in
from tests.tree import ROOT, Tree, plant

KINDS = {"odd": "Odd", "paged": "Paged", "shut": "Shut"}
GIVEN = """
[shut.secrets]
customer_email = {{ env = "BOOTH_CUSTOMER" }}
customer_password = {{ env = "BOOTH_SECRET" }}
"""
QUOTA = {"last-allowed", "delete-frees-slot", "limit-plus-one", "last-slot-race", "refusal-explains", "shown-matches-real"}


@pytest.fixture(scope="module")
def booth() -> Iterator[Booth]:
    """Serve Booth on loopback."""
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def house(booth: Booth, tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """A checkout, with a folder for each kind of Booth."""
    folder = tmp_path_factory.mktemp("manners")
    tree = plant(folder / "house", folder / "own")
    shutil.copytree(ROOT / "synthetics", tree.folder / "synthetics", dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(TEMPLATE, tree.own / "booth_product", ignore=shutil.ignore_patterns("__pycache__"))
    fill_in(tree.own / "booth_product" / "words.py")
    shutil.copytree(ROOT / "tests" / "products" / "odd", tree.own / "odd", ignore=shutil.ignore_patterns("__pycache__"))
    tables = ""
    for kind, product in KINDS.items():
        (tree.own / f"booth_{kind}").mkdir()
        (tree.own / f"booth_{kind}" / "product.py").write_text(f'"""Booth."""\n\nfrom odd.kinds import {product}\n\nPRODUCT = {product}()\n')
        tables += TARGET.replace("ours", kind).replace("booth_product", f"booth_{kind}").format(url=booth.url)
    staff = '\n[shut.secrets]\noperator_token = { env = "BOOTH_STAFF_TOKEN" }\n'
    assert staff in tables
    tree.targets(tables.replace(staff, GIVEN.replace("{{", "{").replace("}}", "}")))
    tree.environment |= {"BOOTH_STAFF_TOKEN": STAFF, "BOOTH_CUSTOMER": "regular@people.example.com", "BOOTH_SECRET": "a-regulars-secret"}
    return tree


@pytest.fixture
def whole(booth: Booth) -> Iterator[Booth]:
    """Booth, in order and with the usual manners again after the test."""
    yield booth
    booth.broken.clear()
    booth.manners.clear()


def ends(tree: Tree, status: str) -> set[str]:
    """Return the promises whose last attempt by API ended so."""
    last = {each.scenario.partition(".")[2]: str(each.status) for each in tree.outcomes() if each.surface == "api"}
    return {name for name, at in last.items() if at == status}


def swept(tree: Tree, kind: str, which: str, *options: str) -> str:
    """Sweep a kind of Booth by API and return what was said."""
    done = tree.ended("cli.main", "run", "--target", kind, "--no-confirm", "--surface", "api", *options, "--", "-k", which)
    return f"{done.stdout}\n{done.stderr}\nexit {done.returncode}"


def test_manners_of_its_own_break_no_promise(house: Tree, whole: Booth) -> None:
    """Late views, strict names and secrets, put-off sign-ups, a stall that cannot be removed yet, a stall for everybody to begin with: all green."""
    whole.manners |= {"late", "strict", "hurried", "busy", "given"}
    said = swept(house, "odd", "quota or first_workspace or duplicate or views or deleted_on_its_way or every_state")

    assert ends(house, "failed") | ends(house, "error") | ends(house, "blocked") == set(), said
    green = {"first-workspace", "duplicate-address", "views-agree", "delete-while-provisioning", "delete-from-every-state"}
    assert ends(house, "passed") >= QUOTA | green
    assert whole.people == {}


def test_a_broken_promise_is_red_whatever_the_manners(house: Tree, whole: Booth) -> None:
    """One stall more than the plan has, on a product whose counts are late, is told by those who promise the limit."""
    whole.manners |= {"late", "given"}
    whole.broken |= {"oversold"}
    said = swept(house, "odd", "last_slot or limit_plus or last_allowed")

    assert ends(house, "failed") >= {"limit-plus-one", "last-slot-race"}, said


def test_customers_come_by_the_surface_that_signs_them_up(house: Tree, whole: Booth) -> None:
    """Where only pages sign people up, promises of the API are tried with customers who came by the pages."""
    said = swept(house, "paged", "ready_and_used or tenant")

    assert ends(house, "passed") == {"ready-and-used", "tenant-isolation"}, said
    assert whole.people == {}


def test_the_one_customer_that_a_target_gives_is_shared_and_kept(house: Tree, whole: Booth) -> None:
    """Where nobody can sign up, what needs one customer is tried with the target's own, one after another; what needs or spoils more does not apply."""
    whole.join("Regular", "regular@people.example.com", "a-regulars-secret")
    said = swept(house, "shut", "shown_matches or after_logging_out or views or tenant or reset or invited")

    assert ends(house, "failed") | ends(house, "error") | ends(house, "blocked") == set(), said
    assert ends(house, "passed") == {"shown-matches-real", "log-out", "views-agree"}
    assert {"tenant-isolation", "password-reset", "invitation"} <= ends(house, "not_applicable")
    assert list(whole.people) == ["regular@people.example.com"]
    assert house.record()["left_behind"] == []
    assert not [stall for stall in whole.stalls if stall.gone is None]
