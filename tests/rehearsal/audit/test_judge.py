"""What became of an attempt, and what that says."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.audit.accepted import FILE, UNREPLAYABLE, Acceptance, load
from rehearsal.audit.judge import Audit, Fate, fate, judge
from rehearsal.audit.operators import Wrong
from rehearsal.audit.tape import Tape

LOST = Wrong("dropped-field", "GET /a", "id", "1", "not there", {0: {}})


def result(status: str = "failed", blame: str = "product", *, met: bool = True, strayed: bool = False) -> dict[str, Any]:
    """Return what a replay told."""
    return {"status": status, "blame": blame, "error": "why", "met": [0] if met else [], "strayed": ["call: GET /b"] if strayed else []}


def judged(*results: dict[str, Any], wrong: Wrong = LOST, whole: bool = True) -> Audit:
    """Judge one scenario, in which one thing was wrong each time."""
    tape = Tape("n", "signup.a", "api", "t", "growth", "error", "signup", "passed", "")
    return judge([tape], {}, {"n": [(wrong, each) for each in results]}, [], whole=whole)


@pytest.mark.parametrize(
    ("told", "what"),
    [
        (result(), Fate.NOTICED),
        (result("blocked"), Fate.NOTICED),
        (result("passed"), Fate.UNNOTICED),
        (result("degraded"), Fate.UNNOTICED),
        (result("passed", strayed=True), Fate.UNNOTICED),
        (result(strayed=True), Fate.ASTRAY),
        (result("error", "suite"), Fate.CRASHED),
        (result("passed", met=False), Fate.UNMET),
    ],
)
def test_a_fate(told: dict[str, Any], what: Fate) -> None:
    """A crash is not a detection, and what came of a question that was never recorded proves nothing."""
    assert fate(told) is what


def test_what_passes_is_a_missing_assertion_once_for_all_its_places() -> None:
    """Twice the same is one line."""
    audit = judged(result("passed"), result("passed"))

    [finding] = audit.rows[0].missing
    assert (audit.exit, finding.times, finding.line) == (1, 2, "dropped-field: GET /a: id: 1 → not there")


def test_a_crash_is_a_finding_too() -> None:
    """The owner would hear nothing."""
    audit = judged(result("error", "suite"))

    assert audit.exit == 1
    assert audit.crashes[0].line.endswith("the suite fell over it: why")


def test_nothing_tried_is_not_a_pass() -> None:
    """Green through absence is what an audit is against."""
    assert judged().exit == 3


def test_what_one_part_of_the_catalogue_passes_over_is_not_held_against_it() -> None:
    """But for what concerns the whole answer."""
    stale = Wrong("stale-answer", "GET /a", "", "new", "old", {0: {}})

    assert judged(result("passed"), whole=False).exit == 0
    assert judged(result("passed"), wrong=stale, whole=False).exit == 1


@pytest.mark.parametrize(("untold", "code"), [("cannot be replayed: it shakes hands by itself", 0), ("no healthy attempt: failed: broken", 3)])
def test_what_cannot_be_replayed_may_be_accepted_and_what_is_broken_may_not(untold: str, code: int) -> None:
    """A reason excuses the one and never the other; then the acceptance accepts nothing, which is told once the catalogue was heard whole."""
    one, two = (Tape(name, f"signup.{name}", "api", "t", "growth", "error", "signup", "passed", "") for name in "ab")
    excuse = Acceptance("a", "signup.a", UNREPLAYABLE, "*", "*", "a handshake of its own")

    audit = judge([one, two], {"a": untold}, {"b": [(LOST, result())]}, [excuse], whole=True)

    assert audit.exit == code
    assert audit.whole is (code == 0)
    assert [row.excused for row in audit.rows] == [excuse.reason if code == 0 else "", ""]


def test_an_excuse_for_what_can_be_replayed_is_stale() -> None:
    """What it excused has changed."""
    tape = Tape("a", "signup.a", "api", "t", "growth", "error", "signup", "passed", "")
    excuse = Acceptance("a", "signup.a", UNREPLAYABLE, "*", "*", "a handshake of its own")

    audit = judge([tape], {}, {"a": [(LOST, result())]}, [excuse], whole=True)

    assert (audit.exit, audit.stale) == (1, [excuse])


def test_the_acceptances_of_this_house_can_be_read() -> None:
    """Each has a reason of a sentence, or points to the one above it."""
    assert all(len(each.reason.split()) > 3 or each.reason == "As above." for each in load(FILE))
    assert load(FILE)[0].reason != "As above."
