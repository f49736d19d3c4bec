"""The report of a rehearsal: misses first, the matrix true to the verdicts, nothing of the target's text alive."""

from __future__ import annotations

import json
from pathlib import Path

from rehearsal.assess import Verdict, assess
from rehearsal.report import About, render, write
from rehearsal.report.matrix import Matrix
from tests.rehearsal.made import SCENARIO, begin, control, good, received

ABOUT = About("20270101T000000Z-abcdef", "embedded", 300.0, (SCENARIO, "quota.last-allowed", "signup.log-out"), 61.0)


def missed(**named: object) -> Verdict:
    """Return a drill whose alert never came."""
    return assess([begin(fault="F21", **named), *(each for each in good()[1:] if each["event"] not in {"received", "decided"})])


def test_misses_come_first_each_with_what_closes_it():
    page = render(ABOUT, [assess(good()), assess(control()), missed(title="The place is not given back.")])

    assert page.index("F21") < page.index("Who saw what") < page.rindex("F19")
    assert "threshold" in page
    assert "look at its failure class and the policy" in page
    assert "1 of 3 drills did not go as they should" in page


def test_a_lower_intensity_that_is_not_detected_is_told_as_what_it_is(tmp_path: Path):
    """Not among what went wrong, and not as a miss in the matrix."""
    lower = assess([begin(dose=25), *(each for each in good()[1:] if each["event"] not in {"received", "decided"})])
    not_live = assess([begin(dose=10), {"event": "not live", "at": good()[0]["at"] + 20, "trouble": ""}, good()[-1]])
    verdicts = [assess(good()), lower, not_live]
    page = render(ABOUT, verdicts)
    write(tmp_path, ABOUT, verdicts)
    least = json.loads((tmp_path / "rehearsal.json").read_text())["least_dose"][0]

    assert "Every alarm that was to go off did, and no other" in page
    assert "What did not go as it should" not in page
    assert "25 % ✕" in page
    assert "10 % ?" in page
    assert (least["tried"], least["least"]) == ({"100": True, "25": False, "10": None}, 100)
    assert least["why"]["10"] == "the oracle never saw the fault"
    assert "unseen" in {cell.look for cell in Matrix.of(verdicts).cells[1]}


def test_no_residue_says_what_was_looked_at():
    """A fault that leaves nothing, and one that nobody looked after, are not the same."""
    looked = [{**each, "looked": True} if each["event"] == "residue" else each for each in good()]

    assert "whoever was caught was looked at again" in render(ABOUT, [assess(looked)])
    assert "whoever was caught was looked at again" not in render(ABOUT, [assess(good())])


def test_the_matrix_shows_what_was_expected_permitted_false_and_missing():
    false = [*good()[:-1], received("trigger", 12, "signup.log-out", "identity"), received("trigger", 12, "quota.last-slot-race"), good()[-1]]
    matrix = Matrix.of([assess(false), missed(), assess(control())])
    looks = {
        (row.drill, column): cell.look for row, cells in zip(matrix.rows, matrix.cells, strict=True) for column, cell in zip(matrix.columns, cells, strict=True)
    }

    assert looks["F19", SCENARIO] == "expected"
    assert looks["F19", "quota.last-slot-race"] == "beside"
    assert looks["F19", "signup.log-out"] == "false"
    assert looks["F19", "quota.last-allowed"] == "quiet"
    assert looks["F21", SCENARIO] == "missing"
    assert looks["F21", "signup.log-out"] == "untried"
    assert looks["C1", SCENARIO] == "quiet"


def test_text_of_the_target_is_inert():
    hostile = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    page = render(ABOUT, [assess([{**each, "saw": hostile} if each["event"] == "live" else each for each in good()])])

    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script" in page


def test_programs_get_the_same_figures_and_scenarios_that_never_spoke(tmp_path: Path):
    write(tmp_path, ABOUT, [assess(good()), missed(), assess(control())])
    told = json.loads((tmp_path / "rehearsal.json").read_text())

    assert told["exit"] == 1
    assert (told["detection"]["all"]["hits"], told["detection"]["all"]["tried"]) == (1, 2)
    assert told["silent"] == ["quota.last-allowed", "signup.log-out"]
    assert told["controls"] == {"silent": 1, "tried": 1}
    assert told["gaps"] == {"threshold": 1}
    assert About.read(tmp_path) == ABOUT
