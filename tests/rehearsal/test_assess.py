"""Judging a drill by its events: the good one is proven, and each thing that can be wrong is named for what it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.assess import REMEDY, Gap, Mark, assess
from tests.rehearsal.made import SCENARIO, START, begin, control, decided, good, received, run

Event = dict[str, Any]


def without(*events: str) -> list[Event]:
    """Return the good drill without some events."""
    return [each for each in good() if each["event"] not in events]


def with_(change: Callable[[Event], Event | None]) -> list[Event]:
    """Return the good drill, each event changed; None leaves one out."""
    return [changed for each in good() if (changed := change(each)) is not None]


def instead(event: str, **changed: Any) -> list[Event]:
    """Return the good drill with some keys of one kind of event changed."""
    return with_(lambda each: {**each, **changed} if each["event"] == event else each)


def triggered(**changed: Any) -> list[Event]:
    """Return the good drill with what arrives at the sink changed."""
    return with_(lambda each: {**each, **changed} if each["event"] == "received" and each["action"] == "trigger" else each)


def test_what_is_told_in_time_to_the_right_owner_and_ends_is_proven():
    verdict = assess(good())

    assert (verdict.mark, verdict.gap) == (Mark.PROVEN, None)
    assert (verdict.runs, verdict.minutes, verdict.allowed) == (1, 5.0, 30.0)
    assert verdict.clock.to_detect == 5.0
    assert verdict.clock.to_recover == 8.0
    assert [
        time - START
        for time in (
            verdict.clock.injected,
            verdict.clock.live,
            verdict.clock.failing,
            verdict.clock.decided,
            verdict.clock.received,
            verdict.clock.acknowledged,
            verdict.clock.rolled_back,
            verdict.clock.gone,
            verdict.clock.resolved,
        )
        if time is not None
    ] == [6, 7, 12, 11.5, 12, 14, 16, 17, 25]
    assert verdict.cells == {SCENARIO: "failed", "quota.last-allowed": "passed"}


WRONG: dict[str, tuple[list[Event], Mark, Gap | None, str]] = {
    "nothing arrives, for the scenario stays green": (
        [run("fault", 13, (SCENARIO, 1, "passed")) if each.get("phase") == "fault" else each for each in without("received", "decided")],
        Mark.MISSED,
        Gap.SILENT,
        "stayed passed while the oracle saw: 3 projects",
    ),
    "the monitor crashes: that is no detection": (
        [run("fault", 13, (SCENARIO, 1, "error")) if each.get("phase") == "fault" else each for each in without("received", "decided")],
        Mark.MISSED,
        Gap.SILENT,
        "stayed error",
    ),
    "there is no such scenario": (
        [run("fault", 13, ("quota.last-allowed", 1, "passed")) if each.get("phase") == "fault" else each for each in without("received", "decided")],
        Mark.MISSED,
        Gap.NO_MONITOR,
        "was not tried",
    ),
    "it is red, and no alert opens": (without("received", "decided"), Mark.MISSED, Gap.THRESHOLD, "was failed, and no alert opened in 1 runs"),
    "the alert does not arrive": (without("received"), Mark.MISSED, Gap.NOT_DELIVERED, "did not arrive at any sink"),
    "it reaches somebody else": (triggered(owner="growth"), Mark.MISSED, Gap.MISROUTED, "reached 'growth', not 'billing'"),
    "it is not so severe": (triggered(severity="warning"), Mark.MISSED, Gap.MISROUTED, "came as warning, not critical"),
    "another alert arrives that nobody expects": (
        [*good()[:-1], received("trigger", 12, "signup.log-out", "identity"), good()[-1]],
        Mark.FALSE_ALARM,
        None,
        "neither expected nor permitted: signup.log-out to 'identity'",
    ),
    "it takes more runs than it may": (
        [begin(), *good()[1:5], run("fault", 9, (SCENARIO, 1, "passed")), *good()[5:]],
        Mark.MISSED,
        Gap.CADENCE,
        "took 2 runs; the budget is 1",
    ),
    "its runs stand for more minutes than the risk allows": (
        instead("begin", detect_within=60.0),
        Mark.MISSED,
        Gap.CADENCE,
        "5 min at this cadence; the risk allows 1 min",
    ),
    "others meet the fault": (instead("bystanders", saw="3 projects"), Mark.MISSED, Gap.SPILL, "outside of its scope"),
    "a command of the runbook fails": (instead("runbook", exit=7), Mark.MISSED, Gap.NO_RUNBOOK, "diagnose (exit 7): curl"),
    "the runbook has no commands": (without("runbook"), Mark.MISSED, Gap.NO_RUNBOOK, "no command to diagnose and none to rollback"),
    "the fault is still there after the rollback": (
        with_(lambda each: {**each, "event": "not gone", "saw": "3 projects"} if each["event"] == "gone" else each),
        Mark.MISSED,
        Gap.NOT_RESOLVED,
        "still says: 3 projects",
    ),
    "no resolve arrives": (
        with_(lambda each: None if each["event"] == "received" and each["action"] == "resolve" else each),
        Mark.MISSED,
        Gap.NOT_RESOLVED,
        f"no resolve arrived of: {SCENARIO}",
    ),
    "it leaves something behind": (instead("residue", saw="a project that nobody can delete"), Mark.MISSED, Gap.RESIDUE, "a project that nobody can delete"),
    "the clean runs leave something behind": (instead("run", left_behind=2), Mark.MISSED, Gap.RESIDUE, "left 2 things behind"),
    "what its runs left stays": (
        [*good()[:-2], {"event": "swept", "at": START + 25.6, "exit": 3, "said": "left: account x\n"}, *good()[-2:]],
        Mark.MISSED,
        Gap.RESIDUE,
        "what the runs left could not be removed: left: account x",
    ),
    "its switch is still on": (instead("residue", switches=["F19"]), Mark.MISSED, Gap.RESIDUE, "still on"),
    "the product was not well before": (
        [begin(), {"event": "broken", "at": START + 5, "error": "the baseline is not green"}, good()[-1]],
        Mark.CANNOT_TELL,
        None,
        "not green",
    ),
    "the fault does not take": (
        [*good()[:3], {"event": "not live", "at": START + 9, "trouble": ""}, good()[-1]],
        Mark.CANNOT_TELL,
        None,
        "never saw the fault",
    ),
    "the rehearsal dies": (good()[:9], Mark.CANNOT_TELL, None, "ended in the middle"),
    "an alarm that is false outweighs what is missing": (
        [*control()[:-1], decided(11), received("trigger", 12), control()[-1]],
        Mark.FALSE_ALARM,
        None,
        "an alert arrived",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("events", "mark", "gap", "why"), WRONG.values(), ids=WRONG.keys())
def test_each_thing_that_can_be_wrong_is_named(events: list[Event], mark: Mark, gap: Gap | None, why: str):
    verdict = assess(events)

    assert (verdict.mark, verdict.gap) == (mark, gap), verdict.why
    assert why in verdict.why
    assert bool(verdict.remedy) == bool(gap)


def test_a_control_is_proven_by_silence():
    assert assess(control()).mark is Mark.PROVEN


def test_what_was_told_before_the_fault_is_none_of_its_alarms():
    """A machine that was busy at the first look had a journey told to be slow; the look was taken again."""
    events = [received("trigger", 4, "signup.*"), {"event": "slow", "at": START + 5, "alerts": "signup.*"}]

    assert assess([*good()[:2], *events, *good()[2:]]).mark is Mark.PROVEN
    late = assess([*good()[:3], received("trigger", 6.5, "signup.*"), *good()[3:]])
    assert late.mark is Mark.FALSE_ALARM
    assert [each.scenario for each in late.false] == ["signup.*"]


def test_a_permitted_alert_beside_the_expected_one_is_no_false_alarm():
    beside = [received("trigger", 12, "quota.last-allowed"), received("resolve", 25, "quota.last-allowed")]
    verdict = assess([*good()[:-1], *beside, good()[-1]])

    assert verdict.mark is Mark.PROVEN
    assert [each.scenario for each in verdict.beside] == ["quota.last-allowed"]


def test_a_failure_that_the_confirming_attempt_does_not_repeat_is_shown_as_degraded():
    verdict = assess([*good()[:6], run("fault", 13, ("quota.last-allowed", 1, "failed"), ("quota.last-allowed", 2, "passed")), *good()[7:]])

    assert verdict.cells["quota.last-allowed"] == "degraded"


def test_every_gap_says_what_to_write():
    assert set(REMEDY) == set(Gap)


def test_events_without_a_beginning_are_refused():
    with pytest.raises(ValueError, match="without its beginning"):
        assess(good()[1:])
