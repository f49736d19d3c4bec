"""An outcome is one line, whatever the target put into it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures import runs
from tests.verdicts.made import outcome
from verdicts.outcome import Outcome, Status, final, from_json, read

NASTY = ["line\u2028separator\u2029", "nul\0inside", "a\r\nb\x85c", '"quotes"\\', "</script><b>", "\U0001f600", "é" * 3000]
anything = st.text(alphabet=st.characters(exclude_categories=("Cs",)))


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_hostile_text_comes_back_as_it_went(text: str, tmp_path: Path) -> None:
    """Line ends of every kind, NUL, quotes and markup survive the way through the file."""
    sent = outcome(Status.FAILED, error=text, console=(text, text), states=(text,), evidence={"screenshot": "evidence/a.png"})
    runs.append(tmp_path / "outcomes.jsonl", sent.to_json())

    assert list(read(tmp_path / "outcomes.jsonl")) == [sent]


@given(error=anything, states=st.lists(anything), seconds=st.floats(0, 1e6), attempt=st.integers(1, 9), status=st.sampled_from(Status))
def test_every_outcome_comes_back_as_it_went(error: str, states: list[str], seconds: float, attempt: int, status: Status) -> None:
    """Writing and reading an outcome is the identity."""
    sent = outcome(status, error=error, states=tuple(states), seconds=seconds, attempt=attempt)

    assert from_json(sent.to_json()) == sent


@given(st.text())
def test_an_outcome_is_one_line_that_any_file_can_hold(error: str) -> None:
    """No text breaks the line, and half a character becomes a whole one that says so."""
    line = outcome(error=error).to_json()

    assert "\n" not in line
    assert line.encode()
    assert json.loads(line)["error"] == "".join("\ufffd" if "\ud800" <= each <= "\udfff" else each for each in error)


def test_a_torn_last_line_is_passed_over(tmp_path: Path) -> None:
    """What a killed writer left unfinished is not an outcome, and no error either."""
    whole, torn = outcome().to_json(), outcome(scenario="signup.b").to_json()[:80]
    (tmp_path / "outcomes.jsonl").write_text(f"{whole}\n{torn}")

    assert [each.scenario for each in read(tmp_path / "outcomes.jsonl")] == ["signup.a"]


def test_a_line_written_behind_a_torn_one_is_not_lost(tmp_path: Path) -> None:
    """Whoever writes next ends the torn line first, so that only that one is lost."""
    file = tmp_path / "outcomes.jsonl"
    file.write_text(outcome().to_json() + "\n" + outcome(scenario="signup.b").to_json()[:80])
    runs.append(file, outcome(scenario="signup.c").to_json())

    assert [each.scenario for each in read(file)] == ["signup.a", "signup.c"]


def test_bytes_that_are_no_text_cost_one_line(tmp_path: Path) -> None:
    """A line of garbage in the middle costs itself alone."""
    file = tmp_path / "outcomes.jsonl"
    file.write_bytes(b"\xff\xfe\x00garbage\n" + outcome().to_json().encode() + b"\n[]\n{}\n")

    assert len(list(read(file))) == 1


def test_a_run_without_outcomes_has_none(tmp_path: Path) -> None:
    """A missing file is a run in which nothing ended."""
    assert list(read(tmp_path / "outcomes.jsonl")) == []


def test_what_a_later_version_adds_is_left_out() -> None:
    """An unknown field does not keep an older reader from reading."""
    line = json.dumps(json.loads(outcome().to_json()) | {"mood": "fine"})

    assert from_json(line) == outcome()


@pytest.mark.parametrize("line", ["[]", "3", "{}", '{"status": "green"}', "not json", '{"status": "passed", "steps": [{"mood": 1}]}'])
def test_what_is_no_outcome_is_a_value_error(line: str) -> None:
    """A line of another kind is refused as one, and never half read."""
    with pytest.raises(ValueError, match=r"outcome|Status|Expecting"):
        from_json(line)


def test_the_last_attempt_decides() -> None:
    """Of several attempts the last one is the outcome, in whichever order they were written."""
    attempts = [outcome(Status.FAILED, attempt=2, error="second"), outcome(Status.FAILED, attempt=1, error="first")]

    assert [each.error for each in final(attempts)] == ["second"]


@pytest.mark.parametrize("first", [Status.FAILED, Status.ERROR, Status.INCOMPLETE, Status.BLOCKED])
def test_passing_only_on_the_confirming_attempt_is_degraded(first: Status) -> None:
    """A pass after anything that was not one is visible as flaky."""
    [last] = final([outcome(first), outcome(Status.PASSED, attempt=2)])

    assert last.status is Status.DEGRADED
    assert last == replace(outcome(Status.PASSED, attempt=2), status=Status.DEGRADED)


def test_a_pass_at_once_stays_one() -> None:
    """Nothing is taken from a scenario that passed, nor for the stumble of another surface."""
    ends = final([outcome(), outcome(Status.FAILED, surface="browser"), outcome(Status.PASSED, scenario="signup.b")])

    assert {each.key: each.status for each in ends} == {
        ("signup.a", "api"): Status.PASSED,
        ("signup.a", "browser"): Status.FAILED,
        ("signup.b", "api"): Status.PASSED,
    }


@given(st.lists(st.builds(outcome, st.sampled_from(Status), scenario=st.sampled_from(["a.a", "b.b"]), attempt=st.integers(1, 3))))
def test_every_scenario_has_exactly_one_end(outcomes: list[Outcome]) -> None:
    """What was tried has one end each, that of a latest attempt, and green ends only where an attempt was green."""
    ends = final(outcomes)

    assert sorted(each.key for each in ends) == sorted({each.key for each in outcomes})
    for end in ends:
        attempts = [each for each in outcomes if each.key == end.key]
        assert end.attempt == max(each.attempt for each in attempts)
        if end.status is Status.PASSED:
            assert not {each.status for each in attempts if each.attempt < end.attempt} & {Status.FAILED, Status.ERROR, Status.INCOMPLETE, Status.BLOCKED}
