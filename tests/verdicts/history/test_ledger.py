"""The janitor finds what runs left behind, wherever they ran."""

from __future__ import annotations

import json
from pathlib import Path

from tests.verdicts.history.made import NOON, begin, folder, ledger
from verdicts.history.ledger import Thing, left, mark_gone, settle
from verdicts.history.runs import import_folder
from verdicts.history.store import History


def test_what_is_left_is_what_nobody_saw_gone(history: History, tmp_path: Path) -> None:
    """Of one target, older than an age, the oldest first: what was only intended may exist, too."""
    first = ledger(
        folder(tmp_path, "r1"), ("k2", "intended", None, NOON + 5), ("k1", "made", "p1", NOON), ("k3", "gone", "p3", NOON), ("k4", "made", "p4", NOON + 90)
    )
    second = ledger(folder(tmp_path, "r2", target="other"), ("k1", "made", "p1", NOON))
    with history.begin() as tx:
        for place in (first, second):
            import_folder(tx, place)

        found = left(tx, "t", NOON + 100, 20)

    assert [(each.key, each.state) for each in found] == [("k1", "made"), ("k2", "intended")]
    assert found[0] == Thing(run="r1", key="k1", target="t", kind="project", name="syn-k1", product_id="p1", state="made", at=NOON, nodeid="n")


def test_what_is_gone_stays_gone(history: History, tmp_path: Path) -> None:
    """The janitor's word is news once, and the run's own ledger, taken in again, does not take it back."""
    place = ledger(folder(tmp_path, "r1"), ("k1", "made", "p1", NOON))
    with history.begin() as tx:
        import_folder(tx, place)

        assert mark_gone(tx, "r1", "k1", NOON + 500)
        assert not mark_gone(tx, "r1", "k1", NOON + 600)
        assert not mark_gone(tx, "r1", "unknown", NOON)
        assert not import_folder(tx, place)
        assert left(tx, "t", NOON + 9999, 0) == ()


def test_what_a_run_that_still_runs_has_made_is_not_left(history: History, tmp_path: Path) -> None:
    """It may be in use. Once its run is over, it is left."""
    place = ledger(folder(tmp_path, "r1", ended=None), ("k1", "made", "p1", NOON))
    with history.begin() as tx:
        begin(tx)
        import_folder(tx, place)
        running = left(tx, "t", NOON + 9999, 0)
        import_folder(tx, ledger(folder(tmp_path, "r1"), ("k1", "made", "p1", NOON)))

        assert running == ()
        assert [each.key for each in left(tx, "t", NOON + 9999, 0)] == ["k1"]


def test_what_hung_on_accounts_that_are_gone_is_gone(history: History, tmp_path: Path) -> None:
    """Where one account of a run is left, it may hang on that one; where a run made no account, it hangs on somebody else's."""
    states = {"all-gone": ("gone", "gone"), "one-left": ("gone", "made"), "none": ()}
    with history.begin() as tx:
        for run, accounts in states.items():
            place = folder(tmp_path, run)
            things = [("account", f"a{number}", state) for number, state in enumerate(accounts)] + [("project", "p", "made")]
            lines = [{"key": key, "kind": kind, "name": f"syn-{key}", "id": None, "state": state, "nodeid": "n", "at": NOON} for kind, key, state in things]
            (place / "ledger.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
            import_folder(tx, place)

        assert settle(tx, "t", NOON + 9) == 1
        assert {(each.run, each.key) for each in left(tx, "t", NOON + 9999, 0)} == {("one-left", "a1"), ("one-left", "p"), ("none", "p")}
