"""A total deadline over work that may not end by itself."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from reports.deadline import Overdue, within


def test_what_is_done_in_time_is_returned() -> None:
    """And nothing is cut."""
    cut = threading.Event()

    assert within(20, lambda: "done", cut.set) == "done"
    assert not cut.is_set()


def test_what_the_work_raises_is_raised_here() -> None:
    """Its own TimeoutError is not taken for ours."""
    for trouble in (TimeoutError("theirs"), KeyError("x"), KeyboardInterrupt()):

        def work(trouble: BaseException = trouble) -> None:
            raise trouble

        with pytest.raises(type(trouble)):
            within(20, work, lambda: None)


def test_what_is_not_done_in_time_is_cut_and_left_behind() -> None:
    """The cut ends what it waited for."""
    ended, gone = threading.Event(), threading.Event()

    def work() -> None:
        ended.wait()
        gone.set()

    with pytest.raises(Overdue):
        within(0.05, work, ended.set)

    assert gone.wait(20)


def test_work_that_nothing_ends_does_not_keep_the_process_alive() -> None:
    """Looking up a name, for example."""
    program = (
        "import threading\nfrom reports.deadline import *\ntry:\n    within(0.05, threading.Event().wait, lambda: None)\nexcept Overdue:\n    print('over')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)

    assert done.stdout == "over\n"
