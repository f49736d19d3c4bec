"""One of several runners judges, and one that lost its lease cannot write."""

from __future__ import annotations

import threading
from collections import Counter
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from tests.verdicts.history.made import NOON, rows
from tests.verdicts.history.racers import race
from verdicts.history import notes
from verdicts.history.leases import held, release, take
from verdicts.history.schema import LEASES, PROOFS
from verdicts.history.store import History


def test_a_free_lease_is_taken_and_a_held_one_is_not(history: History) -> None:
    """Of two who want it the first has it."""
    with history.begin() as tx:
        assert take(tx, "judge", "a", NOON, 60) == 1
        assert take(tx, "judge", "b", NOON + 1, 60) is None
        assert take(tx, "other", "b", NOON + 1, 60) == 1

        assert held(tx, "judge", 1, NOON + 1)
        assert not held(tx, "judge", 2, NOON + 1)
        assert not held(tx, "nobody's", 1, NOON + 1)


def test_its_holder_renews_it(history: History) -> None:
    """The fence stays, and the term is counted from now."""
    with history.begin() as tx:
        take(tx, "judge", "a", NOON, 60)
        assert take(tx, "judge", "a", NOON + 50, 60) == 1

        assert take(tx, "judge", "b", NOON + 109, 60) is None
        assert take(tx, "judge", "b", NOON + 110, 60) == 2


def test_a_term_that_ran_out_is_over(history: History) -> None:
    """For everybody: whoever had it has a fence of before, whether somebody else took it or it takes it again itself."""
    with history.begin() as tx:
        take(tx, "judge", "a", NOON, 60)

        assert held(tx, "judge", 1, NOON + 59)
        assert not held(tx, "judge", 1, NOON + 60)
        assert take(tx, "judge", "a", NOON + 60, 60) == 2
        assert not held(tx, "judge", 1, NOON + 61)


def test_who_is_done_lets_go(history: History) -> None:
    """The next one need not wait, and gets a greater fence; a former holder lets go of nothing."""
    with history.begin() as tx:
        take(tx, "judge", "a", NOON, 60)
        release(tx, "judge", 1, NOON + 1)
        assert not held(tx, "judge", 1, NOON + 1)
        assert take(tx, "judge", "b", NOON + 1, 60) == 2
        release(tx, "judge", 1, NOON + 2)

        assert held(tx, "judge", 2, NOON + 2)


def test_a_clock_that_ran_far_ahead_binds_nobody(history: History) -> None:
    """A runner whose clock jumped by a year has not stopped all judging for a year; one that is a little ahead is believed."""
    with history.begin() as tx:
        take(tx, "judge", "ahead", NOON + 60, 60)
        assert take(tx, "judge", "b", NOON, 60) is None
        take(tx, "judge", "ahead", NOON + 365 * 86400, 60)

        assert take(tx, "judge", "b", NOON + 1, 60) == 3
        assert not held(tx, "judge", 2, NOON + 1)


moves = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 40), st.sampled_from(["take", "release"])), max_size=25)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=moves)
def test_whatever_they_do_one_holds_and_fences_grow(history: History, moves: list[tuple[str, int, str]]) -> None:
    """At any moment at most one holder's fence counts, and a fence belongs to one holder for ever."""
    now, fences = NOON, {}
    with history.begin() as tx:
        tx.execute(delete(LEASES))
        for holder, later, move in moves:
            now += later
            if move == "release":
                release(tx, "judge", fences.get(holder, 0), now)
            elif (fence := take(tx, "judge", holder, now, 60)) is not None:
                assert fence >= max(fences.values(), default=0)
                assert fence not in {other for name, other in fences.items() if name != holder}
                fences[holder] = fence

            assert sum(held(tx, "judge", fence, now) for fence in fences.values()) <= 1


def test_exactly_one_of_many_processes_gets_it(url: str) -> None:
    """They start at the same moment, each in a process of its own."""
    History.open(url).close()

    said = race("take", url, ["a", "b", "c", "d"])

    assert sorted(line for lines in said for line in lines) == ["1", "None", "None", "None"]


def test_what_is_written_under_a_fence_comes_before_all_that_is_written_under_a_later_one(url: str) -> None:
    """Three processes wrest the lease from each other with terms that are over at once: the order of what they wrote is the order of their fences."""
    history = History.open(url)
    said = race("judge", url, ["a", "b", "c"], "12")

    with history.reading() as tx:
        written = rows(tx, PROOFS)
    assert [row["at"] for row in written] == sorted(row["at"] for row in written)
    assert all(first["fault"] == second["fault"] for first, second in pairwise(written) if first["at"] == second["at"])
    assert sorted(int(row["at"]) for row in written) == sorted(int(line) for lines in said for line in lines)
    assert Counter(row["fault"] for row in written) == {"a": 12, "b": 12, "c": 12}


def test_nobody_takes_it_from_a_holder_who_is_writing(url: str) -> None:
    """Who asked and was told that it holds the lease holds it until its transaction ends; who takes it waits for that end."""
    history, other = History.open(url), History.open(url)
    with history.begin() as tx:
        take(tx, "judge", "a", NOON, 60)
    taken = threading.Event()
    fences: list[int | None] = []

    def take_over() -> None:
        with other.begin() as second:
            fences.append(take(second, "judge", "b", NOON + 120, 60))
            fences.append(int(notes.get(second, "written") or 0))
        taken.set()

    rival = threading.Thread(target=take_over)
    with history.begin() as tx:
        assert held(tx, "judge", 1, NOON + 59)
        rival.start()
        assert not taken.wait(0.5)
        notes.put(tx, "written", "1", NOON)
    rival.join()

    assert fences == [2, 1]
    with history.begin() as tx:
        assert not held(tx, "judge", 1, NOON + 59)
