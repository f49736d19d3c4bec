"""A change is closed by a later proof that still holds, knowledge by its words where they are looked for; by nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rehearsal.tabletop import closing
from rehearsal.tabletop.items import Change, Closing, Knowledge
from tests.rehearsal.tabletop.table import NOON
from verdicts.history.proofs import Proof

CHANGE = Change("c1", "try", NOON, "x", "data-leak", "platform")
PROOF = Proof("data-leak", "F34", "embedded", NOON + 1, "1.0", "proven", {"scenario": "a", "runbook": "b"}, "r-1")


def none(_: Proof) -> list[str]:
    return []


def test_a_later_proof_that_holds_closes_a_change() -> None:
    """The latest one does, where there are several; other risks do not matter."""
    other = replace(PROOF, risk="data-lost", verdict="missed", at=NOON + 9)

    assert closing.proof_of(CHANGE, "embedded", [replace(PROOF, at=NOON + 5, fault="F35"), PROOF, other], none) == (
        replace(PROOF, at=NOON + 5, fault="F35"),
        "",
    )


def test_of_several_later_proofs_one_that_holds_is_enough() -> None:
    """A fault whose scenario was edited since does not hide another that still proves the risk."""
    latest = replace(PROOF, at=NOON + 5, fault="F35")

    assert closing.proof_of(CHANGE, "embedded", [PROOF, latest], lambda proof: ["x"] if proof is latest else []) == (PROOF, "")


@pytest.mark.parametrize(
    ("known", "edited", "said"),
    [
        ([], [], "the risk 'data-leak' was never rehearsed on 'embedded'"),
        ([replace(PROOF, verdict="missed")], [], "of F34 on 'embedded' (r-1, 15 Jan 2027, 08:00:01 UTC) ended as 'missed'"),
        ([replace(PROOF, verdict="")], [], "ended as ''"),
        ([replace(PROOF, fault="F35", verdict="missed", at=NOON - 9), PROOF], [], "of F35 on 'embedded'"),
        ([replace(PROOF, at=NOON)], [], "is older than the change (15 Jan 2027, 08:00:00 UTC): it proves the plan as it was"),
        ([replace(PROOF, hashes={})], [], "is stale: it does not say what it rests on"),
        ([PROOF], ["runbook mail.md was edited", "flow x is new"], "is stale: runbook mail.md was edited; flow x is new"),
    ],
)
def test_anything_else_leaves_it_open_and_says_why_and_what_to_run(known: list[Proof], edited: list[str], said: str) -> None:
    """No proof, a fault that was missed, an older proof, one that rests on nothing or on something that was edited."""
    proof, why = closing.proof_of(CHANGE, "embedded", known, lambda _: edited)

    assert proof is None
    assert said in why
    assert why.endswith("run: synthetics rehearse --target embedded --risk data-leak")


@pytest.fixture
def launch(tmp_path: Path) -> Path:
    """Return a launch package with a runbook."""
    folder = tmp_path / "launch"
    (folder / "runbooks").mkdir(parents=True)
    (folder / "runbooks" / "mail.md").write_text("1. The account is *mail-ops*.\n   Its second holder is identity.\n")
    (tmp_path / "outside.md").write_text("mail-ops")
    return folder


@pytest.mark.parametrize(
    ("words", "written", "said"),
    [
        ("its SECOND  holder", "runbooks/mail.md", ""),
        ("*mail-ops*. Its second", "runbooks/mail.md", ""),
        ("its third holder", "runbooks/mail.md", "does not say “its third holder”; write it there first"),
        ("  ", "runbooks/mail.md", "saw no words"),
        ("mail-ops", "runbooks/post.md", "cannot be read: No such file or directory"),
        ("mail-ops", "../outside.md", "allowed is a file below launch/"),
        ("mail-ops", "/etc/hostname", "allowed is a file below launch/"),
    ],
)
def test_knowledge_is_closed_by_words_in_a_file_of_the_launch_package(launch: Path, words: str, written: str, said: str) -> None:
    """Line ends and capitals aside; nowhere else."""
    why = closing.unwritten(words, written, launch)

    assert (said in why) if said else why == ""


def test_what_was_closed_is_doubted_when_its_ground_has_gone(launch: Path) -> None:
    """A missed rehearsal, or words that somebody took out again."""
    change = replace(CHANGE, closed=Closing(NOON + 2, "lead", "r-1", "F34", "embedded", "1.0"))
    known = Knowledge("k1", "try", NOON, "x", closed=Closing(NOON, "lead", written="runbooks/mail.md", words="second holder"))

    assert closing.doubt(change, [PROOF], none, launch) == closing.doubt(known, [], none, launch) == closing.doubt(CHANGE, [], none, launch) == ""
    assert "ended as 'missed'" in closing.doubt(change, [replace(PROOF, verdict="missed")], none, launch)
    (launch / "runbooks" / "mail.md").write_text("nothing")
    assert "does not say" in closing.doubt(known, [], none, launch)
