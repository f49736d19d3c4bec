"""The one waiting primitive, and the one way to act at the same time.

How to wait is given from outside (`use`): lanes hand control to another scenario, a plain run sleeps.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import TypeVar

from flows import trail
from flows.blame import ProductFault

T = TypeVar("T")

FIRST_PAUSE, LONGER, LONGEST_PAUSE = 0.1, 1.5, 1.0
"""Between two looks: seconds at first, how much more each time, and seconds at the most. A look costs the product something, and budgets are of seconds."""


@dataclass(frozen=True)
class Budget:
    """How long a promise may take: `expected` seconds, past which it counts as slow, and `limit` seconds, past which it is broken."""

    name: str
    expected: float
    limit: float

    def strictly(self) -> Budget:
        """Return the same budget for a promise of speed: what is slower than expected is broken."""
        return Budget(self.name, self.expected, self.expected)


def _threads(calls: Iterable[Callable[[], object]]) -> list[object]:
    listed = list(calls)
    with ThreadPoolExecutor(max_workers=max(1, len(listed))) as pool:
        running = [pool.submit(copy_context().run, call) for call in listed]
        return [future.result() for future in running]


@dataclass
class _Means:
    sleep: Callable[[float], None] = time.sleep
    together: Callable[[Iterable[Callable[[], object]]], list[object]] = _threads
    clock: Callable[[], float] = time.monotonic


_means = _Means()


def use(
    sleep: Callable[[float], None] = time.sleep,
    together: Callable[[Iterable[Callable[[], object]]], list[object]] = _threads,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Set how this process waits (`sleep`), does several things at once (`together`), and tells the time (`clock`), in seconds; what is not given is plain."""
    _means.sleep, _means.together, _means.clock = sleep, together, clock


def now() -> float:
    """Tell the time by which this process waits, in seconds from any beginning."""
    return _means.clock()


def sleep(seconds: float) -> None:
    """Let time pass; others act meanwhile."""
    _means.sleep(seconds)


def together(*calls: Callable[[], T]) -> list[T]:
    """Start every call before waiting for any, and return their results in the order given."""
    return _means.together(calls)  # type: ignore[return-value]


def eventually(
    look: Callable[[], T],
    *,
    reaches: object,
    never: Collection[object] = (),
    within: Budget,
    of: str,
    state: Callable[[T], object] | None = None,
) -> T:
    """Look again and again until what is seen reaches a state, and return it.

    Args:
        look: how to see it now. It may raise: that ends the wait.
        reaches: the state to reach, or a set of states.
        never: states from which `reaches` cannot come any more; seeing one ends the wait at once.
        within: past its `expected` seconds the wait is slow (and is reported so), past its `limit` it is broken.
        of: what is watched, for the message: ``project syn-4f1c``.
        state: how to read the state from what was seen; its ``state`` attribute where not given.

    Raises:
        ProductFault: the limit passed, or a state of `never` was seen. The message holds the path of states.
    """
    read = state or (lambda seen: getattr(seen, "state"))  # noqa: B009 -- any record with a state will do
    goals = reaches if isinstance(reaches, (set, frozenset)) else {reaches}
    path = trail.current()
    seen: list[object] = []
    began = _means.clock()
    pause = FIRST_PAUSE
    while True:
        found = look()
        at = read(found)
        if not seen or seen[-1] != at:
            seen.append(at)
            path.states.append(f"{of}: {at}")
        elapsed = _means.clock() - began
        if at in goals:
            if elapsed > within.limit:
                raise ProductFault(f"{of} went {_states(seen)}, but only after {elapsed:.1f} s ({within.name} limit {within.limit:g} s{_last_request()})")
            if elapsed > within.expected:
                path.slow.append(f"{of} took {elapsed:.1f} s to become {at} ({within.name} expects {within.expected:g} s)")
            return found
        if at in never or elapsed >= within.limit:
            raise ProductFault(_path(of, seen, goals, elapsed, within, stuck=at not in never) + _because(found))
        _means.sleep(min(pause, max(0.0, within.limit - elapsed)))
        pause = min(pause * LONGER, LONGEST_PAUSE)


def settled(look: Callable[[], T], *, when: Callable[[T], bool], within: Budget, of: str) -> T:
    """Look until `when` holds for what is seen, or the limit has passed, and return what was seen last.

    For what a product may show a moment late: the assertion behind it says what is wrong where it never comes. Later than expected counts as slow.
    """
    path = trail.current()
    began = _means.clock()
    pause = FIRST_PAUSE
    while not when(found := look()):
        elapsed = _means.clock() - began
        if elapsed >= within.limit:
            path.states.append(f"{of}: not settled within {within.limit:g} s")
            return found
        _means.sleep(min(pause, within.limit - elapsed))
        pause = min(pause * LONGER, LONGEST_PAUSE)
    elapsed = _means.clock() - began
    if elapsed > within.expected:
        path.slow.append(f"{of} took {elapsed:.1f} s to settle ({within.name} expects {within.expected:g} s)")
    return found


def holds(look: Callable[[], T], *, during: float, of: str, state: Callable[[T], object]) -> None:
    """Look for `during` seconds and see the same state each time.

    Raises:
        ProductFault: it changed.
    """
    began = _means.clock()
    first = state(look())
    path = trail.current()
    path.states.append(f"{of}: {first}")
    while (elapsed := _means.clock() - began) < during:
        _means.sleep(min(0.25, during - elapsed))
        at = state(look())
        if at != first:
            path.states.append(f"{of}: {at}")
            raise ProductFault(f"{of} was {first} and became {at} after {elapsed:.1f} s, though nobody did anything")


def _path(of: str, seen: list[object], goals: Collection[object], elapsed: float, within: Budget, *, stuck: bool) -> str:
    wanted = " or ".join(sorted(str(goal) for goal in goals))
    verb = "stayed" if len(seen) == 1 and stuck else "went"
    return f"{of} {verb} {_states(seen)} in {elapsed:.1f} s, never {wanted} ({within.name} limit {within.limit:g} s{_last_request()})"


def _because(found: object) -> str:
    """Say why the product says that what was watched is as it is, where it does."""
    reason = getattr(found, "reason", None)
    return f"; the product says: {' '.join(str(reason).split())[:200]}" if reason else ""


def _states(seen: list[object]) -> str:
    return " > ".join(str(at) for at in seen)


def _last_request() -> str:
    requests = [exchange.request_id for exchange in trail.current().exchanges if exchange.request_id]
    return f", last request {requests[-1]}" if requests else ""
