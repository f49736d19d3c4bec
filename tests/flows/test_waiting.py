"""Waiting tells the path of states, ends early where nothing can come any more, and is bounded."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from flows import waiting
from flows.blame import ProductFault, Refused
from flows.refusal import Reason, Refusal
from flows.trail import Exchange, Trail
from flows.waiting import Budget, eventually, holds, together
from tests.flows.conftest import Clock

WITHIN = Budget("provisioning", expected=10, limit=40)


@dataclass(frozen=True)
class Seen:
    """What a look returns."""

    state: str


def looking(*states: str) -> Callable[[], Seen]:
    """See these states one after another, and the last one from then on."""
    coming: Iterator[str] = iter(states)
    last = ""

    def look() -> Seen:
        nonlocal last
        last = next(coming, last)
        return Seen(last)

    return look


def test_it_returns_what_it_saw_when_the_state_is_reached(clock: Clock, path: Trail) -> None:
    """What is returned is what was seen in the state to reach, and each state is on the trail once."""
    seen = eventually(looking("requested", "requested", "provisioning", "active"), reaches="active", within=WITHIN, of="project p")

    assert seen == Seen("active")
    assert path.states == ["project p: requested", "project p: provisioning", "project p: active"]
    assert path.slow == []


def test_one_of_several_states_will_do(clock: Clock, path: Trail) -> None:
    """A set of states is reached by any of them."""
    seen = eventually(looking("a", "c"), reaches={"b", "c"}, within=WITHIN, of="it")

    assert seen.state == "c"


def test_a_state_from_which_nothing_comes_ends_the_wait_at_once(clock: Clock, path: Trail) -> None:
    """A terminal state ends the wait without another look, and the message has the whole path."""
    with pytest.raises(ProductFault) as fault:
        eventually(looking("requested", "failed", "active"), reaches="active", never={"failed", "deleted"}, within=WITHIN, of="project p")

    assert str(fault.value) == "project p went requested > failed in 0.1 s, never active (provisioning limit 40 s)"
    assert len(clock.naps) == 1


def test_a_limit_that_passes_is_a_fault_with_path_elapsed_and_last_request(clock: Clock, path: Trail) -> None:
    """The message says the path, the seconds, what was wanted, the limit and the last request's id."""
    path.exchanges += [Exchange("GET", "/p", 0, request_id="first"), Exchange("GET", "/p", 0, request_id="last"), Exchange("GET", "/p", 0)]

    with pytest.raises(ProductFault) as fault:
        eventually(looking("pending", "stopped"), reaches=frozenset({"ready", "active"}), within=WITHIN, of="project p")

    assert str(fault.value) == "project p went pending > stopped in 40.0 s, never active or ready (provisioning limit 40 s, last request last)"
    assert clock.at == 140.0


def test_a_state_that_never_changes_is_said_to_have_stayed(clock: Clock, path: Trail) -> None:
    """A single state stayed; it did not go anywhere."""
    with pytest.raises(ProductFault, match=r"^mail to a stayed 0 there in 40\.0 s, never arrived"):
        eventually(list, reaches="arrived", within=WITHIN, of="mail to a", state=lambda mails: f"{len(mails)} there")


def test_slower_than_expected_is_on_the_trail(clock: Clock, path: Trail) -> None:
    """Past what is expected but within the limit the state counts, and the trail says how slow it was."""
    eventually(lambda: clock.at > 112, reaches=True, within=WITHIN, of="it", state=bool)

    assert path.slow == ["it took 12.1 s to become True (provisioning expects 10 s)"]


def test_the_state_is_reached_too_late_when_the_look_itself_hangs(clock: Clock, path: Trail) -> None:
    """A state that is seen only after the limit is a fault that says how late it came."""

    def look() -> Seen:
        clock.sleep(45)
        return Seen("active")

    with pytest.raises(ProductFault, match=r"^it went active, but only after 45\.0 s \(provisioning limit 40 s\)$"):
        eventually(look, reaches="active", within=WITHIN, of="it")


def test_a_strict_budget_breaks_where_the_plain_one_is_slow(clock: Clock, path: Trail) -> None:
    """A promise of speed is broken past what is expected."""
    with pytest.raises(ProductFault, match=r"provisioning limit 10 s"):
        eventually(lambda: clock.at > 112, reaches=True, within=WITHIN.strictly(), of="it", state=bool)


def test_the_looks_back_off_to_one_a_second_and_end_on_the_limit(clock: Clock, path: Trail) -> None:
    """The pauses grow by half from a tenth of a second to a whole one, and the last one is cut to end on the limit."""
    with pytest.raises(ProductFault):
        eventually(looking("pending"), reaches="active", within=WITHIN, of="it")

    assert clock.naps[:3] == pytest.approx([0.1, 0.15, 0.225])
    assert max(clock.naps) == 1.0
    assert sum(clock.naps) == pytest.approx(40)
    assert len(clock.naps) < 55


def test_what_a_look_raises_ends_the_wait(clock: Clock, path: Trail) -> None:
    """A refusal on the way is not swallowed."""

    def look() -> Seen:
        raise Refused(Refusal(Reason.NOT_FOUND))

    with pytest.raises(Refused):
        eventually(look, reaches="active", within=WITHIN, of="it")


def test_a_zero_limit_still_looks_once(clock: Clock, path: Trail) -> None:
    """What is there at once is found however short the limit."""
    seen = eventually(looking("active"), reaches="active", within=Budget("none", 0, 0), of="it")

    assert seen.state == "active"


def test_what_holds_is_looked_at_for_as_long_as_was_said(clock: Clock, path: Trail) -> None:
    """The same state each time is no fault, and the last look is at the end of the time."""
    holds(looking("locked"), during=2, of="the door", state=lambda seen: seen.state)

    assert sum(clock.naps) == pytest.approx(2)
    assert path.states == ["the door: locked"]


def test_what_does_not_hold_is_a_fault_that_says_how_it_changed(clock: Clock, path: Trail) -> None:
    """A change is told with both states and when it was seen."""
    with pytest.raises(ProductFault, match=r"^the door was locked and became open after 0\.\d s, though nobody did anything$"):
        holds(looking("locked", "locked", "open"), during=2, of="the door", state=lambda seen: seen.state)

    assert path.states == ["the door: locked", "the door: open"]


def test_what_is_done_together_starts_before_any_is_waited_for() -> None:
    """Two calls that wait for each other both end, and the results stand in the order given."""
    met = threading.Barrier(2, timeout=5)

    def call(name: str) -> str:
        met.wait()
        return name

    assert waiting._threads([lambda: call("a"), lambda: call("b")]) == ["a", "b"]
    assert together(lambda: 1, lambda: 2) == [1, 2]


def test_the_first_fault_of_what_is_done_together_is_raised() -> None:
    """What one of the calls raises is raised where they were made."""

    def fail() -> None:
        raise ProductFault("the second one")

    with pytest.raises(ProductFault, match="the second one"):
        together(lambda: None, fail)


def test_together_without_a_call_is_nothing() -> None:
    """No calls give no results."""
    assert together() == []


def test_what_settles_late_is_returned_and_slow(clock: Clock, path: Trail) -> None:
    """What is right within the limit is returned as it is then; later than expected is slow."""
    began = clock.at

    found = waiting.settled(lambda: int(clock.at - began), when=lambda seen: seen >= 3, within=Budget("agreement", 2, 9), of="the count")

    assert found == 3
    assert [told.partition(" s ")[2] for told in path.slow] == ["to settle (agreement expects 2 s)"]


def test_what_never_settles_is_returned_as_it_is_at_the_limit(clock: Clock, path: Trail) -> None:
    """The limit passes once, nothing is raised, and the last look is returned for the assertion behind it."""
    began = clock.at

    found = waiting.settled(lambda: "wrong", when=lambda seen: seen == "right", within=Budget("agreement", 2, 9), of="the word")

    assert found == "wrong"
    assert 9 <= clock.at - began < 10
    assert path.states == ["the word: not settled within 9 s"]
    assert path.slow == []


@dataclass(frozen=True)
class Reasoned:
    """What a look returns that knows why."""

    state: str
    reason: str | None


def test_the_reason_that_the_product_gives_is_told(clock: Clock, path: Trail) -> None:
    """What ends badly is told with the product's own words for it, on one line."""
    with pytest.raises(ProductFault, match=r"never ready .*; the product says: no room\s?left$"):
        eventually(lambda: Reasoned("failed", "no room\n left"), reaches="ready", never={"failed"}, within=WITHIN, of="project syn-1")
    with pytest.raises(ProductFault, match=r"limit 40 s\)$"):
        eventually(lambda: Reasoned("failed", None), reaches="ready", never={"failed"}, within=WITHIN, of="project syn-1")
