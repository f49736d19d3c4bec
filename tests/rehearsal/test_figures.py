"""The figures of a rehearsal."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal import figures
from rehearsal.assess import Verdict, assess
from tests.rehearsal.made import START, begin, control, good


def verdicts(*missed: str) -> list[Verdict]:
    """Return three faults and a control; those named are missed."""
    made = []
    for fault, severity in (("F19", "critical"), ("F20", "error"), ("F21", "error")):
        events = [each for each in good() if fault not in missed or each["event"] not in {"received", "decided"}]
        events[0] = begin(fault=fault, expects={**events[0]["expects"], "severity": severity})
        events = [{**each, "severity": severity} if each["event"] == "received" else each for each in events]
        made.append(assess(events))
    return [*made, assess(control())]


@pytest.mark.parametrize(("hits", "tried", "bound"), [(0, 10, 0.0), (10, 10, 0.05 ** (1 / 10)), (59, 59, 0.9505), (1, 1, 0.05), (9, 10, 0.6058)])
def test_the_lower_bound_is_the_one_of_the_tables(hits: int, tried: int, bound: float):
    """With no miss it is the tried-th root of 0.05; 59 of 59 are what shows 95 % with 95 % confidence."""
    assert figures.lower_bound(hits, tried) == pytest.approx(bound, abs=1e-4)


@given(st.integers(1, 80).flatmap(lambda tried: st.tuples(st.integers(1, tried), st.just(tried))))
def test_at_the_lower_bound_so_many_hits_have_just_the_probability_that_is_left(case: tuple[int, int]):
    hits, tried = case
    p = figures.lower_bound(hits, tried)

    assert math.fsum(math.comb(tried, k) * p**k * (1 - p) ** (tried - k) for k in range(hits, tried + 1)) == pytest.approx(0.05, abs=1e-9)


def test_detection_is_counted_by_severity_and_controls_are_not_part_of_it():
    rates = figures.detection(verdicts("F21"))

    assert {name: (rate.hits, rate.tried) for name, rate in rates.items()} == {"": (2, 3), "critical": (1, 1), "error": (1, 2)}


def test_a_miss_decides_the_exit_code():
    assert figures.exit_code(verdicts()) == 0
    assert figures.exit_code(verdicts("F19")) == 1
    assert figures.exit_code([]) == 3
    assert figures.exit_code([assess(good()[:9])]) == 3


def test_who_was_told_is_set_against_who_was_to_be():
    assert figures.confusion(verdicts("F19"), "owner") == {("billing", "billing"): 2, ("billing", "nobody"): 1}


def test_a_scenario_that_no_fault_made_speak_is_silent():
    assert figures.silent(verdicts(), ["quota.limit-plus-one", "signup.log-out"]) == ["signup.log-out"]


def test_the_least_dose_is_that_from_which_on_all_are_detected():
    def at(dose: int, *, seen: bool) -> Verdict:
        events = [each for each in good() if seen or each["event"] not in {"received", "decided"}]
        return assess([begin(dose=dose), *events[1:]])

    tried = [at(100, seen=True), at(50, seen=True), at(25, seen=False), at(10, seen=True)]

    assert figures.least_dose(tried, "F19") == 50
    assert figures.least_dose([at(100, seen=False)], "F19") is None


def test_a_dose_at_which_the_fault_did_not_take_was_not_tried():
    not_live = [begin(dose=50), {"event": "not live", "at": good()[0]["at"] + 20, "trouble": ""}, good()[-1]]
    at_25 = [begin(dose=25), *good()[1:]]

    assert figures.least_dose([assess(good()), assess(not_live), assess(at_25)], "F19") == 25
    assert figures.least_dose([assess(good()), assess(not_live)], "F19") == 100


def test_a_lower_dose_that_is_not_detected_is_no_failure():
    """It counts neither in the exit code nor among the gaps, whatever became of it."""
    unseen = assess([begin(dose=10), *(each for each in good()[1:] if each["event"] not in {"received", "decided"})])

    assert unseen.gap is not None
    assert figures.exit_code([assess(good()), unseen]) == 0
    assert figures.gaps([assess(good()), unseen]) == {}


def test_times_are_given_as_median_95th_percentile_and_most():
    found = figures.times([*map(float, range(1, 101)), None])

    assert found == figures.Times(100, 50.5, 95.0, 100.0)
    assert figures.times([None]) is None


def health(fault: str, *green: bool) -> Verdict:
    """Return a detected fault whose product said of itself whether it was well, several times."""
    asked = [{"event": "health", "at": START + 7, "url": "https://x/healthz", "green": each, "said": "200 OK" if each else "503"} for each in green]
    return assess([begin(fault=fault), *good()[1:4], *asked, *good()[4:]])


def test_a_product_that_said_once_that_it_is_not_well_was_not_green():
    asked = [health("F19", True, True), health("F20", True, False), health("F21")]

    assert [(each.green, each.health) for each in asked] == [(True, "200 OK"), (False, "503"), (None, "")]
    assert figures.green(asked) == (1, 2)
