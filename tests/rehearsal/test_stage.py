"""Which scenarios a drill tries."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from launch import package
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.stage import Known, Stage

NAMES = ("signup.log-out", "signup.link-twice", "quota.last-allowed", "face.forged-form")
FAULT = Fault(
    id="F1", title="", layer=Layer.APPLICATION, journey="signup", expects=Expected("signup.log-out", "identity", "critical"), permits=("quota.*", "signup.[*]")
)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A stage with a few scenarios on the API; the one of the face is in the browser alone."""
    known = {name: made(name) for name in NAMES}
    known["face.forged-form"] = replace(known["face.forged-form"], surfaces=("browser",))
    return Stage("r1", tmp_path, "embedded", {}, cast(Any, None), tmp_path, known, 300.0)


def made(name: str) -> Known:
    """Return a scenario of this name."""
    return Known(scenario=name, function="", journey=name.partition(".")[0], owner="", severity="", risk="", surfaces=("api",))


def test_of_the_journey_and_of_what_may_speak_a_drill_tries_some_by_lot(stage: Stage) -> None:
    """The lot falls the same every time, and each scenario is tried beside some faults; all are where a rehearsal is wide."""
    many = replace(
        stage, scenarios={name: made(name) for name in ("signup.log-out", *(f"{journey}.{n}" for journey in ("signup", "quota") for n in range(30)))}
    )
    drawn = {number: many.tried(replace(FAULT, id=f"F{number}")) for number in range(1, 31)}

    assert all("signup.log-out" in some for some in drawn.values())
    assert drawn == {number: many.tried(replace(FAULT, id=f"F{number}")) for number in drawn}
    assert all(len(some) < len(many.scenarios) / 2 for some in drawn.values())
    assert {name for some in drawn.values() for name in some} == set(many.scenarios)
    assert many.tried(FAULT, wide=True) == list(many.scenarios)


def test_what_a_fault_names_is_tried_always(stage: Stage) -> None:
    """Whether it may speak or not."""
    named = replace(FAULT, permits=("quota.last-allowed",), scenarios=("signup.link-twice",))

    assert stage.tried(named) == ["signup.log-out", "signup.link-twice", "quota.last-allowed"]


def test_a_control_tries_its_whole_journey(stage: Stage) -> None:
    """It is there to find false alarms."""
    assert stage.tried(replace(FAULT, id="C1", expects=None, permits=())) == ["signup.log-out", "signup.link-twice"]


def test_a_fault_may_try_a_few_in_place_of_its_journey(stage: Stage) -> None:
    """The expected one is tried all the same, and all are where a rehearsal is wide."""
    few = replace(FAULT, only=("signup.nothing-else",), permits=())

    assert stage.tried(few) == ["signup.log-out"]
    assert stage.tried(few, wide=True) == ["signup.log-out", "signup.link-twice", "quota.last-allowed"]


def test_in_the_browser_alone_those_beside_the_expected_one_are_left_out(stage: Stage) -> None:
    """A scenario costs ten times as much there."""
    page = replace(FAULT, surfaces=("browser",), journey="face", expects=Expected("face.forged-form", "identity", "error"), permits=("face.session-cookie",))
    known = {**stage.scenarios, "face.session-cookie": replace(made("face.session-cookie"), surfaces=("browser",))}
    both = replace(stage, scenarios=known)

    assert both.tried(page) == ["face.forged-form"]
    assert both.tried(replace(page, scenarios=("face.session-cookie",))) == ["face.forged-form", "face.session-cookie"]
    assert both.tried(page, wide=True) == ["face.forged-form", "face.session-cookie"]


def test_a_lower_intensity_has_as_many_runs_as_its_risk_has_time_for(stage: Stage) -> None:
    """A run meets it seldom, and the owner is promised to be told within the risk's time."""
    launch = package.load()
    playing = replace(stage, launch=launch)
    fault = replace(FAULT, risk="account-takeover", runs=2)

    assert playing.runs(fault) == 2
    assert playing.runs(fault, 50) == int(launch.risks["account-takeover"].detect_within // stage.cadence) > 2
    assert playing.runs(replace(fault, runs=9), 50) == 9
    assert playing.runs(FAULT, 50) == FAULT.runs


def test_a_fault_that_no_scenario_tells_tries_its_whole_journey(stage: Stage) -> None:
    """That a product is down, or the monitoring blind, is told from several scenarios together, and a lot may draw too few."""
    many = replace(stage, scenarios={name: made(name) for name in (*NAMES, *(f"signup.{n}" for n in range(30)))})
    down = replace(FAULT, expects=Expected("target.unreachable", "operators", "critical"), permits=())

    assert many.tried(down) == [name for name in many.scenarios if name.startswith("signup.")]
    assert many.tried(replace(down, only=("signup.log-out",))) == ["signup.log-out"]
