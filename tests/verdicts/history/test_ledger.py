"""The janitor finds what runs left behind, wherever they ran."""

from __future__ import annotations

from pathlib import Path

from tests.verdicts.history.made import NOON, folder, ledger
from verdicts.history.ledger import Thing, left, mark_gone
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
