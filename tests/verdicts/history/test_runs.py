"""Runs begin, end, are given up, and are read by judgement."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tests.verdicts.history.made import DAY, ENVIRONMENT, NOON, begin, folder, ledger, outcome, rows, take_in
from verdicts.history import runs
from verdicts.history.runs import give_up_dead, import_folder, last, mark_judged, recent, targets, unjudged
from verdicts.history.schema import LEDGER, OUTCOMES, RUNS
from verdicts.history.store import History
from verdicts.outcome import Status
from verdicts.view import Ran


def alive(_: int) -> bool:
    """Say that every process runs."""
    return True


def dead(_: int) -> bool:
    """Say that no process runs."""
    return False


def only(history: History) -> Ran:
    """Return the one run of target t."""
    with history.reading() as tx:
        [ran] = recent(tx, "t", since=0, least=0)
    return ran


def test_a_run_is_running_before_it_does_anything(history: History) -> None:
    """What is known at its beginning stands in the store; saying so twice changes nothing."""
    for _ in range(2):
        with history.begin() as tx:
            begin(tx, folder=Path("artifacts/r1"))

    with history.reading() as tx:
        [row] = rows(tx, RUNS)
    told = {"state": "running", "whole": True, "started": NOON, "deadline": NOON + 1800, "host": "h", "pid": 7, "cadence": 300.0, "product": "cloudsuite"}
    assert told.items() <= row.items()
    assert (row["folder"], row["ended"], row["judged"], row["drill"]) == ("artifacts/r1", None, None, False)


def test_the_folder_of_a_run_ends_it(history: History, tmp_path: Path) -> None:
    """Its record, its outcomes and its ledger are taken in; begun or not, the run is there."""
    told = [outcome(run="r1"), outcome(Status.FAILED, run="r1", surface="browser", error="no")]
    with history.begin() as tx:
        begin(tx)
        take_in(tx, tmp_path, "r1", told, exit=1, exit_reason="1 promise broken", left_behind=["account x: still there"], unreachable=False)

    assert only(history) == Ran(
        id="r1",
        location="here",
        state="ended",
        started=NOON,
        ended=NOON + 60,
        whole=True,
        exit=1,
        unreachable=False,
        reason="1 promise broken",
        version="Cloud Suite 1.0.0",
        left_behind=1,
        manifest=frozenset({("signup.a", "api"), ("signup.a", "browser")}),
        outcomes=tuple(replace(each, steps=(), requests=()) for each in told),
    )


def test_an_outcome_comes_back_as_it_went(history: History, tmp_path: Path) -> None:
    """All but steps, requests and console is kept."""
    sent = outcome(
        Status.DEGRADED,
        run="r1",
        attempt=2,
        error="slow, but kept",
        blame="product",
        where="in the step 'log in'",
        trace_id="abc",
        states=("project: pending", "project: ready"),
        slow=("log in took 9 s",),
        console=("a line",),
        evidence={"trace": "evidence/a.zip"},
        left_behind=("project x: still there",),
        started="2026-01-01T12:00:01.123+00:00",
        seconds=9.25,
    )
    with history.begin() as tx:
        take_in(tx, tmp_path, "r1", [sent])

    assert only(history).outcomes == (replace(sent, steps=(), requests=(), console=()),)


@pytest.mark.parametrize("text", ["nul\0inside", "half \ud83d a character", "\U0001f600 <script>'; DROP TABLE runs; --", "x" * 200_000])
def test_hostile_text_is_no_obstacle(text: str, history: History, tmp_path: Path) -> None:
    """What the target says goes through; what no store can hold is replaced by a character that says so."""
    with history.begin() as tx:
        take_in(tx, tmp_path, "r1", [outcome(run="r1", error=text, states=(text,), evidence={text: text})], exit_reason=text)

    held = text.replace("\0", "\ufffd").replace("\ud83d", "\ufffd")
    [kept] = only(history).outcomes
    assert (only(history).reason, kept.error, kept.states, kept.evidence) == (held, held, (held,), {held: held})


def test_what_today_s_record_does_not_tell_is_assumed(history: History, tmp_path: Path) -> None:
    """A record without location, cadence, state and the like is a selection that ended if it says when."""
    absent = dict.fromkeys(("location", "cadence", "state", "whole", "left_behind", "version"), ...)
    with history.begin() as tx:
        assert import_folder(tx, folder(tmp_path, "r1", [outcome(run="r1")], **absent))
        assert import_folder(tx, folder(tmp_path, "r2", ended=None, **absent))
        first, second = rows(tx, RUNS)

    assert (first["state"], first["whole"], first["location"], first["cadence"], first["left_behind"]) == ("ended", False, "", 0.0, 0)
    assert (second["state"], second["reason"], second["deadline"]) == ("running", None, NOON + 3600)


@pytest.mark.parametrize(
    "record", [None, "", "{", "[]", "{}", '{"run": "r1"}', '{"run": "r1", "target": "t", "started": "soon"}', '{"run": "r1", "target": "t"}']
)
def test_a_folder_that_holds_no_run_tells_nothing(record: str | None, history: History, tmp_path: Path) -> None:
    """A missing, torn or strange record is passed over, and no error."""
    if record is not None:
        (tmp_path / "run.json").write_text(record)
    with history.begin() as tx:
        assert not import_folder(tx, tmp_path)

        assert rows(tx, RUNS) == []


def test_lines_that_are_none_cost_themselves_alone(history: History, tmp_path: Path) -> None:
    """A torn last line, garbage, an outcome without a time and one that took no number of seconds are passed over."""
    place = folder(tmp_path, "r1")
    lines = [
        outcome(run="r1").to_json(),
        "\x00garbage",
        outcome(run="r1", scenario="signup.b", started="soon").to_json(),
        outcome(run="r1", scenario="signup.c", seconds=float("nan")).to_json(),
        outcome(run="r1", scenario="signup.d").to_json(),
        outcome(run="r1", scenario="signup.e").to_json()[:50],
    ]
    (place / "outcomes.jsonl").write_text("\n".join(lines))
    ledger(place, ("k1", "intended", None, NOON))
    with (place / "ledger.jsonl").open("a") as file:
        file.write('[]\n{"key": "k2", "state": "lost", "at": 1, "name": "x"}\n{"key": "k3", "state": "made", "at": "soon", "name": "x"}\n{"key": "k1", "sta')
    with history.begin() as tx:
        import_folder(tx, place)

        assert [row["scenario"] for row in rows(tx, OUTCOMES)] == ["signup.a", "signup.d"]
        assert [(row["key"], row["state"]) for row in rows(tx, LEDGER)] == [("k1", "intended")]


def test_the_later_of_two_lines_about_one_attempt_counts(history: History, tmp_path: Path) -> None:
    """As for the verdict on the run: the store and the exit code cannot disagree."""
    with history.begin() as tx:
        take_in(tx, tmp_path, "r1", [outcome(run="r1"), outcome(Status.FAILED, run="r1")])

    assert [each.status for each in only(history).outcomes] == [Status.FAILED]


def test_the_ledger_keeps_the_last_word_on_each_thing(history: History, tmp_path: Path) -> None:
    """Its furthest state, since when, and the product's own id."""
    place = folder(tmp_path, "r1")
    ledger(place, ("k1", "intended", None, NOON), ("k2", "intended", None, NOON + 1), ("k1", "made", "p1", NOON + 2), ("k1", "gone", "p1", NOON + 3))
    with history.begin() as tx:
        import_folder(tx, place)
        told = [(row["key"], row["target"], row["kind"], row["name"], row["product_id"], row["state"], row["at"]) for row in rows(tx, LEDGER)]

    assert told == [("k1", "t", "project", "syn-k1", "p1", "gone", NOON + 3), ("k2", "t", "project", "syn-k2", None, "intended", NOON + 1)]


def test_a_run_of_a_dead_process_becomes_incomplete(history: History, tmp_path: Path) -> None:
    """What its folder still tells is taken in; what it had begun and not ended stays absent, and is known to be by the manifest."""
    place = folder(tmp_path, "r1", [outcome(run="r1", started="2026-01-01T12:00:10.000+00:00")], ended=None)
    items = [{"scenario": name, "surface": "api", "nodeid": name} for name in ("signup.a", "signup.b")]
    (place / "journal.jsonl").write_text(f'{{"event": "started"}}\n{{"event": "collected", "items": {items}}}\n'.replace("'", '"'))
    ledger(place, ("k1", "made", "p1", NOON))
    with history.begin() as tx:
        begin(tx, folder=place)
        begin(tx, "elsewhere", host="another")
        begin(tx, "alive", pid=8)

        assert give_up_dead(tx, NOON + 100, "h", lambda pid: pid == 8) == ["r1"]
        assert {row["id"]: row["state"] for row in rows(tx, RUNS)} == {"r1": "incomplete", "elsewhere": "running", "alive": "running"}
        [ran] = [each for each in recent(tx, "t", since=0, least=0) if each.id == "r1"]

        assert [each.scenario for each in ran.outcomes] == ["signup.a"]
        assert ran.manifest == {("signup.a", "api"), ("signup.b", "api")}
        assert (ran.ended, ran.exit, ran.reason) == (NOON + 11.5, None, "its process 7 on h is gone")
        assert len(rows(tx, LEDGER)) == 1
        assert unjudged(tx) == ["r1"]


def test_a_run_past_its_deadline_is_given_up_wherever_it_is(history: History, tmp_path: Path) -> None:
    """Its host may be gone with it; a folder that is not here tells nothing."""
    with history.begin() as tx:
        begin(tx, "elsewhere", host="another", folder=tmp_path / "not here")
        begin(tx, "hung")

        assert give_up_dead(tx, NOON + 1800, "h", alive) == []
        assert give_up_dead(tx, NOON + 1801, "h", alive) == ["elsewhere", "hung"]
        assert {(row["state"], row["ended"], row["reason"]) for row in rows(tx, RUNS)} == {("incomplete", None, "it passed its deadline and was given up")}


def test_a_run_that_had_ended_and_could_not_say_so_is_ended(history: History, tmp_path: Path) -> None:
    """Killed between its record and the store, it is not incomplete: its folder says how it ended."""
    place = folder(tmp_path, "r1", [outcome(run="r1")])
    with history.begin() as tx:
        begin(tx, folder=place)

        assert give_up_dead(tx, NOON + 100, "h", dead) == []
        assert [(row["state"], row["exit"]) for row in rows(tx, RUNS)] == [("ended", 0)]
        assert unjudged(tx) == ["r1"]


def test_the_folder_of_another_run_tells_nothing_about_this_one(history: History, tmp_path: Path) -> None:
    """The same path on another host may be something else."""
    place = folder(tmp_path, "r2", [outcome(run="r2")])
    with history.begin() as tx:
        begin(tx, folder=place)
        give_up_dead(tx, NOON + 100, "h", dead)

        assert [(row["id"], row["state"]) for row in rows(tx, RUNS)] == [("r1", "incomplete")]


def test_a_run_that_was_given_up_and_ends_after_all_is_judged_again(history: History, tmp_path: Path) -> None:
    """A clock that jumped, a machine that slept: what the run says counts, and what was judged without it is judged anew."""
    with history.begin() as tx:
        begin(tx)
        give_up_dead(tx, NOON + 2000, "h", alive)
        mark_judged(tx, "r1", NOON + 2000)
        assert unjudged(tx) == []
        take_in(tx, tmp_path, "r1", [outcome(run="r1")], ended=NOON + 2100)

        assert unjudged(tx) == ["r1"]
    assert (only(history).state, only(history).exit, only(history).ended) == ("ended", 0, NOON + 2100)


def test_a_run_that_has_ended_never_runs_again(history: History, tmp_path: Path) -> None:
    """Neither an older record of it nor its beginning, told late, changes that."""
    with history.begin() as tx:
        take_in(tx, tmp_path, "r1", [outcome(run="r1")])
        mark_judged(tx, "r1", NOON + 100)
        take_in(tx, tmp_path, "r1", [outcome(run="r1")], ended=None, version=None)
        begin(tx)

        assert give_up_dead(tx, NOON + 9999, "h", dead) == []
        assert [(row["state"], row["exit"], row["version"]) for row in rows(tx, RUNS)] == [("ended", 0, "Cloud Suite 1.0.0")]


def test_a_run_that_was_judged_is_judged_again_only_for_news(history: History, tmp_path: Path) -> None:
    """The same folder again is no news; one more outcome is, and a ledger that goes on is none to judge."""
    place = folder(tmp_path, "r1", [outcome(run="r1")])
    with history.begin() as tx:
        assert import_folder(tx, place)
        mark_judged(tx, "r1", NOON)
        assert not import_folder(tx, place)
        assert unjudged(tx) == []
        ledger(place, ("k1", "made", None, NOON))
        assert import_folder(tx, place)
        assert unjudged(tx) == []
        folder(tmp_path, "r1", [outcome(run="r1"), outcome(run="r1", surface="browser")])
        assert import_folder(tx, place)

        assert unjudged(tx) == ["r1"]


def test_what_is_recent_and_the_latest_of_each_location(history: History) -> None:
    """All that spoke since a time, and of each location at least so many; oldest first, by when they spoke."""
    with history.begin() as tx:
        for place in ("east", "west"):
            for number in range(6):
                begin(tx, f"{place}-{number}", location=place, started=NOON + number * 100 - (10_000 if place == "west" else 0))
        begin(tx, "other", target="other")

        found = [each.id for each in recent(tx, "t", since=NOON + 300, least=2)]
        none = recent(tx, "nobody", since=0, least=9)

    assert found == ["west-4", "west-5", "east-3", "east-4", "east-5"]
    assert none == ()


def test_a_run_speaks_when_it_ends(history: History, tmp_path: Path) -> None:
    """A long run that began early is recent if it ended lately."""
    with history.begin() as tx:
        take_in(tx, tmp_path, "long", ended=NOON + 1000)
        take_in(tx, tmp_path, "short", ended=NOON + 500)

        assert [each.id for each in recent(tx, "t", since=NOON + 501, least=0)] == ["long"]
        assert [each.id for each in recent(tx, "t", since=NOON, least=0)] == ["short", "long"]


def test_outcomes_come_in_the_order_in_which_they_were_written(history: History, tmp_path: Path) -> None:
    """And each with its own run."""
    names = ["signup.c", "signup.a", "signup.b"]
    with history.begin() as tx:
        for run in ("r1", "r2"):
            take_in(tx, tmp_path, run, [outcome(run=run, scenario=name) for name in names])

        found = recent(tx, "t", since=0, least=0)

    assert [(each.id, [one.scenario for one in each.outcomes], {one.run for one in each.outcomes}) for each in found] == [
        ("r1", names, {"r1"}),
        ("r2", names, {"r2"}),
    ]


def test_the_last_run_of_a_target_and_of_a_location(history: History) -> None:
    """The one that spoke last; None where nobody ever ran."""
    with history.begin() as tx:
        begin(tx, "a", location="east", started=NOON)
        begin(tx, "b", location="west", started=NOON - DAY)

        assert [getattr(last(tx, *words), "id", None) for words in (("t",), ("t", "west"), ("t", "north"), ("nobody",))] == ["a", "b", None, None]


def test_targets_are_those_that_have_runs(history: History) -> None:
    """Each once, in the order of their names."""
    with history.begin() as tx:
        for number, target in enumerate(["prod", "embedded", "prod"]):
            begin(tx, f"r{number}", target=target)

        assert targets(tx) == ["embedded", "prod"]


def test_what_is_to_be_judged(history: History, tmp_path: Path) -> None:
    """Runs that ended or were given up, of one target or of all, oldest first, each until it was judged."""
    with history.begin() as tx:
        take_in(tx, tmp_path, "late", ended=NOON + 900)
        take_in(tx, tmp_path, "early", ended=NOON + 100)
        take_in(tx, tmp_path, "other", ended=NOON + 50, target="other")
        begin(tx, "running")
        assert (unjudged(tx), unjudged(tx, "t")) == (["other", "early", "late"], ["early", "late"])
        mark_judged(tx, "early", NOON + 1000)

        assert unjudged(tx, "t") == ["late"]


BEGUN = """
import os, sys
from tests.verdicts.history.made import begin
from verdicts.history.store import History
with History.open(sys.argv[1]).begin() as tx:
    begin(tx, "mine", pid=os.getpid(), host="here")
    begin(tx, "mine", pid=os.getpid(), host="here")
"""


def test_a_process_that_began_a_run_and_died_is_found_out(url: str) -> None:
    """The real thing: another process begins, ends, and is looked for by its id."""
    subprocess.run([sys.executable, "-c", BEGUN, url], env=ENVIRONMENT, check=True)
    with History.open(url).begin() as tx:
        given_up = give_up_dead(tx, NOON, "here", lambda pid: Path(f"/proc/{pid}").exists())

    assert given_up == ["mine"]


def test_two_who_take_in_the_same_folder_at_once_agree(url: str, tmp_path: Path) -> None:
    """The second waits for the first, and learns that there is nothing new."""
    place = folder(tmp_path, "r1", [outcome(run="r1", scenario=f"signup.{number}") for number in range(50)])
    learned: list[bool] = []
    history = History.open(url)

    def take() -> None:
        with history.begin() as tx:
            learned.append(runs.import_folder(tx, place))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(learned) == [False, False, False, True]
    assert len(only(history).outcomes) == 50
