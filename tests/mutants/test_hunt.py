"""The hunt breaks the product in ways that nobody wrote down: each change is one, can be run, and is found again by its number."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from fixtures.target import ROOT
from tests.mutants.hunt import breaks, templates
from tests.mutants.hunt.__main__ import tries

SOURCE = '''
LIMIT = 3
def admit(tx, who, role, *, seats):
    """Let somebody in."""
    if role is None:
        raise ValueError("no role")
    if seats < LIMIT and who.known:
        tell(who, loud=True)
    tx.execute("UPDATE members SET role = ?, left_at = NULL WHERE id = ? AND team = ?", (role,))
    return tx.execute("SELECT id FROM members ORDER BY joined_at").fetchall()
'''
CHANGES = [
    ": 7 instead of 3 in LIMIT = 3",
    "admit: role is None is always True",
    "admit: without raise ValueError('no role')",
    "admit: seats < LIMIT and who.known is always False",
    "admit: seats < LIMIT and who.known is always True",
    "admit: seats < LIMIT and who.known without seats < LIMIT",
    "admit: seats < LIMIT and who.known without who.known",
    "admit: seats < LIMIT with the bound on the other side",
    "admit: loud=False in tell(who, loud=True)",
    "admit: without tell(who, loud=True)",
    "admit: without id = ? in UPDATE members SET role = ?, left_at = NULL WHERE id = ? AND team = ?",
    "admit: without setting left_at = NULL in UPDATE members SET role = ?, left_at = NULL WHERE id = ? AND team = ?",
    "admit: without team = ? in UPDATE members SET role = ?, left_at = NULL WHERE id = ? AND team = ?",
    "admit: the order turned in SELECT id FROM members ORDER BY joined_at",
]


def test_every_small_change_is_found() -> None:
    """A call, a condition, a bound, a constant, a clause of a query: each is taken away, or says the opposite."""
    found = [each.what for each in breaks.breaks(ast.parse(SOURCE))]
    assert sorted(set(CHANGES) - set(found)) == []
    assert len(found) == len(set(found))


def test_every_small_change_to_a_template_is_found() -> None:
    """A value that is not shown, a condition that always or never holds; nothing else is changed."""
    text = "<h1>{{ name }}</h1>\n{% if mine -%}\n<b>mine</b>\n{% elif other == 1 %}other{% endif %}\n{% for one in many %}{{- one|upper }}{% endfor %}"
    found = {(each.line, each.what): each.text for each in templates.changes(text)}
    assert list(found) == [
        (1, "without name"),
        (2, "mine is always True"),
        (2, "mine is always False"),
        (4, "other == 1 is always True"),
        (4, "other == 1 is always False"),
        (5, "without one|upper"),
    ]
    assert found[1, "without name"] == text.replace("{{ name }}", "")
    assert found[4, "other == 1 is always True"] == text.replace("other == 1", "True")


@pytest.mark.parametrize("number", range(len(breaks.breaks(ast.parse(SOURCE)))))
def test_a_change_changes_one_thing_and_can_be_run(number: int, tmp_path: Path) -> None:
    """The code compiles, and is another than before."""
    file = tmp_path / "admission.py"
    file.write_text(SOURCE)
    whole, changed = ast.parse(SOURCE), ast.parse(SOURCE)
    breaks.breaks(changed)[number].make()
    assert ast.dump(changed) != ast.dump(whole)
    assert breaks.broken(file, number).co_filename == str(file)


def test_the_product_runs_with_the_change() -> None:
    """What is imported is the changed module, and no other."""
    [each] = [
        each
        for each in tries()
        if each.module.endswith(".names") and each.what.startswith("clean_name: without raise refusals.invalid_input(field, f'Use from")
    ]
    code = (
        f"import sys; from tests.mutants.hunt.launch import Changed; sys.meta_path.insert(0, Changed({each.module!r}, {each.number}));"
        "from products.cloudsuite.app.domain import names; print(repr(names.clean_name('')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("''", "")


def test_the_product_gives_enough_to_break() -> None:
    """Each part of the product's domain is hunted in, and every break has a place of its own."""
    found = list(tries())
    assert {each.module.rpartition(".")[2] for each in found} >= {
        "accounts",
        "billing",
        "documents",
        "invitations",
        "projects",
        "quotas",
        "sessions",
        "transitions",
    }
    assert len({(each.module, each.number) for each in found}) == len(found)
