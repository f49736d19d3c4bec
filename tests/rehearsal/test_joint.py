"""Controls that share a run: what it does not meet of all of them, it meets of none; and where it is not silent, each is played by itself."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest

from rehearsal import catalogue
from rehearsal.drill import Drill, side_by_side
from rehearsal.joint import Joint, shareable


@dataclass
class Log:
    """Keeps events."""

    lines: list[dict[str, Any]] = field(default_factory=list)

    def add(self, event: str, **facts: Any) -> None:
        """Keep one."""
        self.lines.append({"event": event, **facts})


@dataclass
class Player:
    """Plays a drill without a product: its fault is in, then it runs, then it is over."""

    name: str
    tried: list[str]
    live: bool = True
    told: list[str] = field(default_factory=list)
    exit: int = 0
    played: int = 0
    beating: bool = True
    expired: bool = False
    events: Log = field(default_factory=Log)

    def play(self, runs: Callable[[Any], None] | None = None) -> None:
        """Play it."""
        self.played += 1
        if not self.live:
            self.events.add("not live", trouble="")
        elif runs:
            runs(self)
        else:
            self.events.add("run", phase="fault", exit=0, outcomes=[])

    def is_in(self) -> bool:
        """Tell whether its fault has not expired."""
        return not self.expired

    def afresh(self) -> None:
        """Forget it."""
        self.events.lines.clear()
        self.live, self.expired = True, False

    def slot(self, phase: str, tried: list[str]) -> dict[str, Any]:
        """Run once."""
        return {"run": phase, "exit": self.exit, "outcomes": [[name, "api", 1, "passed", "", 2.0] for name in tried]}

    def note_alerts(self) -> list[str]:
        """Return what is open."""
        return self.told

    def sinks(self) -> list[str]:
        """Return what has arrived."""
        return self.told


def play(runner: Player, *members: Player) -> list[str]:
    """Play them together, and by themselves whom that did not show, and return who has ended, in order."""
    ended, alone = Joint(cast("Drill", runner), cast("list[Drill]", list(members))).play()
    for each in alone:
        assert not list(each.events.lines), "what is played anew begins with nothing"  # type: ignore[attr-defined]
        each.play()
    return [each.name for each in (*ended, *alone)]


def test_whoever_is_told_to_stop_begins_nothing_more() -> None:
    """Not even what the turn under way leaves to be played by itself."""
    played, stopped = [], threading.Event()

    def turn(name: str) -> list[str]:
        played.append(name)
        if name == "joint":
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            stopped.wait(10)
        return ["by itself"] if name == "joint" else []

    with pytest.raises(KeyboardInterrupt):
        side_by_side(["joint", "next"], 1, turn)
    stopped.set()
    for each in threading.enumerate():
        if each.name == "drills-0":
            each.join(10)
    assert played == ["joint"]


def test_what_a_turn_leaves_comes_next() -> None:
    """Before those that wait."""
    played: list[str] = []

    def turn(name: str) -> list[str]:
        played.append(name)
        return ["by itself"] if name == "joint" else []

    side_by_side(["joint", "next"], 1, turn)
    assert played == ["joint", "by itself", "next"]


def test_a_silent_run_is_everybodys_and_each_keeps_what_it_tries() -> None:
    """A control that shares a run tells of its own scenarios alone."""
    first, second = Player("C2", ["a"]), Player("C2-mail", ["a", "b"])

    assert play(Player("joint", ["a", "b"]), first, second) == ["C2", "C2-mail"]

    assert [each.played for each in (first, second)] == [1, 1]
    [run] = second.events.lines
    assert (run["phase"], run["shared"]) == ("fault", True)
    assert [each[0] for each in run["outcomes"]] == ["a", "b"]
    assert [each[0] for each in first.events.lines[0]["outcomes"]] == ["a"]


@pytest.mark.parametrize("runner", [Player("joint", ["a"], told=["a"]), Player("joint", ["a"], exit=1), Player("joint", ["a"], beating=False)])
def test_where_anything_is_told_each_is_played_by_itself(runner: Player) -> None:
    """Nobody can say which of them it was."""
    members = Player("C2", ["a"]), Player("C2-mail", ["a"])

    assert play(runner, *members) == ["C2", "C2-mail"]

    assert [each.played for each in members] == [2, 2]
    assert not any(line.get("shared") for each in members for line in each.events.lines)


def test_one_that_did_not_take_is_played_again_and_holds_nobody_up() -> None:
    """Its oracle saw nothing among the others: by itself it can say so."""
    good, late = Player("C2", ["a"]), Player("C2-mail", ["a"], live=False)

    assert play(Player("joint", ["a"]), good, late) == ["C2", "C2-mail"]

    assert (good.played, late.played) == (1, 2)


def test_one_that_expired_before_the_run_was_over_is_played_by_itself() -> None:
    """A run that it was not there for says nothing of it."""
    good, gone = Player("C2", ["a"]), Player("C2-mail", ["a"], expired=True)

    play(Player("joint", ["a"]), good, gone)

    assert (good.played, gone.played) == (1, 2)
    assert not any(line.get("shared") for line in gone.events.lines)


def test_where_none_took_nobody_runs() -> None:
    """There is nothing to be silent about."""
    runner, only = Player("joint", ["a"]), Player("C2", ["a"], live=False)

    assert play(runner, only) == ["C2"]

    assert (runner.played, only.played) == (0, 2)


@dataclass
class Named:
    """A drill's fault, and nothing else of it."""

    fault: Any


def test_those_that_strike_somebody_whom_the_suite_makes_up_share_nothing() -> None:
    """Nor does one that strikes everybody, or acts beside the application."""
    known = catalogue.every()
    able = {name for name, fault in known.items() if shareable(cast("Drill", Named(fault)))}

    assert able == {name for name in known if name == "C2" or name.startswith("C2-")}
    assert len({known[name].scope for name in able}) == len(able), "two strike the same people"
    assert not shareable(cast("Drill", Named(replace(known["C2"], scope=""))))
    assert not shareable(cast("Drill", Named(replace(known["C2"], expects=known["F19"].expects))))
