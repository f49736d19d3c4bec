"""Whatever dies on the way, each outcome is kept, each alert is told, none of them twice, and what was made is removed."""

from __future__ import annotations

import random
from pathlib import Path

from sqlalchemy import delete, select, update

from rehearsal.pager import Incident
from tests.chaos import harness, sweeps
from tests.chaos.points import Aim
from verdicts.history.schema import ALERTS, LEDGER, OUTCOMES, RUNS
from verdicts.history.store import History

KILLS = 12
STRUCK = ("between send and acknowledgement", "after a create is taken", "after judge")


def test_nothing_is_lost_or_told_twice_whatever_is_killed(tmp_path: Path) -> None:
    """Processes are killed at named and at random points; runs, history and receiver agree all the same."""
    figures = harness.play(tmp_path, KILLS, seed=1)

    assert figures.kills.total() >= KILLS
    assert figures.alerts > 0
    assert figures.faults == 0, figures


def test_what_a_killed_run_saw_made_and_told_is_accounted_for(tmp_path: Path) -> None:
    """Whole runs are killed; product, folders, history and pager agree all the same, and the next run removes what they left."""
    figures = sweeps.play(tmp_path, len(STRUCK), seed=1, only=STRUCK)

    assert {point for point in STRUCK if figures.kills[point]} == set(STRUCK)
    assert figures.incomplete > 0
    assert figures.swept > 0
    assert figures.faults == 0, figures


def test_the_auditor_finds_what_is_lost_left_touched_or_told_twice(tmp_path: Path) -> None:
    """A run that went well, and then each thing that it did or that is known of it is undone: each counts once, or wherever else it is missed."""
    with sweeps.housed(tmp_path) as house:
        (house.tree.own / "broken-a").touch()
        with house.run() as process:
            process.communicate(timeout=120)
        sweeps.audit(house, sound := sweeps.Figures())
        history = History.open(house.history)
        with history.begin() as tx:
            number = tx.execute(select(LEDGER.c.name).limit(1)).scalar_one()
            tx.execute(delete(OUTCOMES).where(OUTCOMES.c.scenario == "signup.kept"))
            tx.execute(update(RUNS).values(state="running"))
            tx.execute(delete(LEDGER).where(LEDGER.c.name == number))
            tx.execute(delete(ALERTS))
        history.close()
        house.product.accounts[number] = "still-there"
        house.product.touched.add(next(iter(sweeps.STRANGERS)))
        house.product.unmarked += 1
        house.pager.rules.incidents.append(Incident(9, "key", "another", "triggered", "critical"))
        sweeps.audit(house, found := sweeps.Figures())

    assert (process.returncode, sound.alerts, sound.incidents, sound.unresolved) == (1, 1, 1, 2)
    assert sound.faults == sound.unresolved
    assert found.held_against == {
        "spared": 0,
        "lost_outcomes": 1,
        "wrong_states": 1,
        "unledgered": 1,
        "outlived": 1,
        "strangers_touched": 1,
        "unmarked_requests": 1,
        "lost_alerts": 1,
        "wrong_alerts": 0,
        "second_incidents": 2,
        "unresolved": 2,
        "undelivered": 0,
    }


def test_each_point_is_struck_as_often_as_every_other() -> None:
    """However seldom a process comes by one of them: it is tried until somebody dies there, and then not before the others."""
    chance = random.Random(7)
    aim = Aim(("often", "seldom", "once"), chance, once=("once",))
    for _ in range(400):
        point, nth = aim.next()
        assert nth == 1 or point != "once"
        aim.hear(point, nth, struck=chance.random() < (0.1 if point == "seldom" else 0.9) / nth)

    assert max(aim.kills.values()) - min(aim.kills.values()) <= 1
    assert aim.spared(max(aim.kills.values()) + 1) == ["often", "seldom", "once"]
