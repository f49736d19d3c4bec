"""What a proof rests on: an edit to any of it makes the proof stale, and is named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from launch import package
from rehearsal import catalogue, evidence
from rehearsal.assess import assess
from rehearsal.evidence import Rests, proofs
from rehearsal.stage import Known
from tests.rehearsal.made import SCENARIO, begin, control, good

ROOT = Path(__file__).parents[2]


@pytest.fixture
def rests(tmp_path: Path) -> Rests:
    """A small copy of what F19 rests on."""
    scenario = tmp_path / "synthetics/quota/test_it.py"
    for file, text in {
        scenario: "from flows import quota\nfrom flows.steps import step\n",
        tmp_path / "flows/quota.py": "from flows.waiting import eventually\n",
        tmp_path / "flows/steps.py": "",
        tmp_path / "flows/waiting.py": "",
        tmp_path / "flows/plans.py": "",
        tmp_path / "products/shop/api/driver.py": "",
        tmp_path / "products/shop/browser/driver.py": "",
        tmp_path / "launch/runbooks/quota.md": "",
    }.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    known = Known(SCENARIO, "test_it", "quota", "billing", "critical", "quota-bypassed", ("api",), "synthetics/quota/test_it.py")
    return Rests(package.load(), tmp_path / "launch", {SCENARIO: known}, catalogue.every(), tmp_path / "products/shop", tmp_path)


def test_a_proof_rests_on_scenario_flows_driver_owner_risk_runbook_and_fault(rests: Rests):
    assert set(rests.of(rests.faults["F19"])) == {
        "scenario synthetics/quota/test_it.py",
        "flow flows/quota.py",
        "flow flows/steps.py",
        "flow flows/waiting.py",
        "driver shop/api",
        "owner billing",
        "risk quota-bypassed",
        "runbook runbooks/quota.md",
        "fault F19",
    }


@pytest.mark.parametrize(
    ("file", "named"),
    [
        ("synthetics/quota/test_it.py", "scenario synthetics/quota/test_it.py was edited"),
        ("flows/waiting.py", "flow flows/waiting.py was edited"),
        ("products/shop/api/driver.py", "driver shop/api was edited"),
        ("launch/runbooks/quota.md", "runbook runbooks/quota.md was edited"),
    ],
)
def test_an_edit_makes_the_proof_stale_and_is_named(rests: Rests, file: str, named: str):
    [proof] = proofs([assess(good())], rests, "r1")
    assert rests.edits(proof) == []

    with (rests.root / file).open("a") as text:
        text.write("# another word\n")

    assert rests.edits(proof) == [named]


def test_another_owner_or_risk_entry_makes_the_proof_stale(rests: Rests):
    [proof] = proofs([assess(good())], rests, "r1")
    launch = rests.launch
    moved = replace(launch, owners={**launch.owners, "billing": replace(launch.owners["billing"], contact="else@example.com")})
    slower = replace(launch, risks={**launch.risks, "quota-bypassed": replace(launch.risks["quota-bypassed"], detect_within=1.0)})

    assert replace(rests, launch=moved).edits(proof) == ["owner billing was edited"]
    assert replace(rests, launch=slower).edits(proof) == ["risk quota-bypassed was edited"]
    assert replace(rests, faults={}).edits(proof) == ["the fault F19 is gone"]


def test_what_the_scenario_does_not_use_may_change(rests: Rests):
    [proof] = proofs([assess(good())], rests, "r1")
    (rests.root / "flows/plans.py").write_text("# not its own\n")
    (rests.root / "products/shop/browser/driver.py").write_text("# nor the other surface\n")

    assert rests.edits(proof) == []


def test_controls_lower_doses_and_what_cannot_tell_prove_nothing(rests: Rests):
    lower = assess([begin(dose=50), *good()[1:]])

    assert proofs([assess(control()), lower, assess(good()[:9])], rests, "r1") == []


def test_the_hash_of_a_folder_is_of_its_python_files(tmp_path: Path):
    (tmp_path / "a.py").write_text("1")
    before = evidence.digest(tmp_path)
    (tmp_path / "notes.txt").write_text("2")
    assert evidence.digest(tmp_path) == before

    (tmp_path / "b.py").write_text("")
    assert evidence.digest(tmp_path) != before
