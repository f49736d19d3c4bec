"""``junit.xml`` is what every CI system reads, whatever the target put into an outcome."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures import runs
from reports import junit
from tests.verdicts.made import outcome
from verdicts.outcome import Outcome, Status

ONE_EACH = [
    outcome(status, scenario=f"signup.{number:02}", seconds=0.25, error=None if status is Status.PASSED else "it\nbroke")
    for number, status in enumerate(Status)
]


def written(folder: Path, outcomes: list[Outcome]) -> ET.Element:
    """Write and read a ``junit.xml``."""
    (folder / "outcomes.jsonl").unlink(missing_ok=True)
    for each in outcomes:
        runs.append(folder / "outcomes.jsonl", each.to_json())
    return ET.parse(junit.write(folder)).getroot()


def test_it_has_the_form_that_ci_systems_read(tmp_path: Path) -> None:
    """One suite, whose numbers are those of its cases; each case has class, name and time, then properties, and one verdict at the most."""
    root = written(tmp_path, ONE_EACH)

    [suite] = root
    cases = suite.findall("testcase")
    assert (root.tag, suite.tag) == ("testsuites", "testsuite")
    assert {name: int(suite.attrib[name]) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": len(cases),
        "failures": len(suite.findall("testcase/failure")),
        "errors": len(suite.findall("testcase/error")),
        "skipped": len(suite.findall("testcase/skipped")),
    }
    assert float(suite.attrib["time"]) == sum(float(case.attrib["time"]) for case in cases)
    for case in cases:
        assert set(case.attrib) == {"classname", "name", "time"}
        assert [each.tag for each in case] in (["properties"], ["properties", "failure"], ["properties", "error"], ["properties", "skipped"])


def test_only_what_is_green_or_slow_is_without_a_verdict(tmp_path: Path) -> None:
    """A broken promise is a failure, what cannot be told an error, what is beside the point skipped."""
    [suite] = written(tmp_path, ONE_EACH)

    verdicts = {case.find("properties/property[@name='status']").attrib["value"]: [each.tag for each in case][1:] for case in suite}  # type: ignore[union-attr]
    assert verdicts == {
        "passed": [],
        "failed": ["failure"],
        "degraded": [],
        "error": ["error"],
        "incomplete": ["error"],
        "blocked": ["error"],
        "not_applicable": ["skipped"],
        "quarantined": ["skipped"],
    }


def test_a_case_says_whom_it_concerns_and_what_was_promised(tmp_path: Path) -> None:
    """Owner, severity, risk and runbook are properties; the message is the first line, and the text holds promise, error, place and states."""
    [[case]] = written(tmp_path, [outcome(Status.FAILED, error="it broke\nat once", where="in the step 'x'", states=("p: a", "p: b"))])

    assert case.attrib | {"time": ""} == {"classname": "synthetics.signup", "name": "signup.a[api]", "time": ""}
    said = {each.attrib["name"]: each.attrib["value"] for each in case.iter("property")}
    assert said.items() >= {"owner": "growth", "severity": "critical", "risk": "x", "runbook": "launch/runbooks/x.md"}.items()
    failure = case.find("failure")
    assert failure is not None
    assert failure.attrib == {"message": "it broke", "type": "failed"}
    assert failure.text == "A promise.\nit broke\nat once\nin the step 'x'\np: a > p: b"


def test_each_scenario_is_one_case_by_its_last_attempt(tmp_path: Path) -> None:
    """Two attempts are one case; one that passed in the end is no failure."""
    [suite] = written(tmp_path, [outcome(Status.FAILED, error="x"), outcome(attempt=2)])

    assert suite.attrib["tests"] == "1"
    assert suite.attrib["failures"] == "0"


def test_a_run_without_outcomes_is_an_empty_suite(tmp_path: Path) -> None:
    """Nothing tried is nothing counted, and the file is whole all the same."""
    [suite] = written(tmp_path, [])

    assert suite.attrib["tests"] == "0"


@pytest.mark.parametrize("text", ["nul \0", "\x1b[31mred", "]]>", '<b a="&">', "\u2028", "\ufffe\uffff", "half \ud83d", " ", "\n"])
def test_hostile_text_is_inert(tmp_path: Path, text: str) -> None:
    """What XML cannot hold is replaced, and markup stays text."""
    [[case]] = written(tmp_path, [outcome(Status.FAILED, error=text, title=text, where=text, states=(text,))])

    assert [each.tag for each in case] == ["properties", "failure"]


@given(st.text())
def test_every_text_can_be_written(text: str) -> None:
    """No text at all makes a file that a reader refuses."""
    element = junit.case(outcome(Status.ERROR, error=text, title=text, where=text))

    assert ET.fromstring(ET.tostring(element)).tag == "testcase"
