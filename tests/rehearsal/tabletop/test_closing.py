"""A change is closed by a later proof that still holds, knowledge by its words where they are looked for; by nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from rehearsal.tabletop import closing
from rehearsal.tabletop.items import Change, Closing, Knowledge
from tests.rehearsal.tabletop.table import NOON
from verdicts.history.proofs import Proof

CHANGE = Change("c1", "try", NOON, "x", "data-leak", "platform")
PROOF = Proof("data-leak", "F34", "embedded", NOON + 1, "1.0", "proven", {"scenario": "a", "runbook": "b"}, "r-1")


def same(proof: Proof) -> Mapping[str, str]:
    return proof.hashes


def test_a_later_proof_that_holds_closes_a_change() -> None:
    """Nothing speaks against it."""
    assert closing.unproven(CHANGE, "embedded", PROOF, same) == ""


@pytest.mark.parametrize(
    ("proof", "today", "said"),
    [
        (None, {}, "the risk 'data-leak' was never rehearsed on 'embedded'"),
        (replace(PROOF, verdict="missed"), PROOF.hashes, "(r-1, 15 Jan 2027, 08:00:01 UTC) ended as 'missed'"),
        (replace(PROOF, verdict=""), PROOF.hashes, "ended as ''"),
        (replace(PROOF, at=NOON), PROOF.hashes, "is older than the change (15 Jan 2027, 08:00:00 UTC): it proves the plan as it was before"),
        (replace(PROOF, hashes={}), {}, "does not say what it rests on"),
        (PROOF, {"scenario": "a", "runbook": "c"}, "is stale: runbook changed since"),
        (PROOF, {"scenario": "z"}, "is stale: runbook, scenario changed since"),
    ],
)
def test_anything_else_leaves_it_open_and_says_why_and_what_to_run(proof: Proof | None, today: Mapping[str, str], said: str) -> None:
    """No proof, another verdict, an older one, one that rests on nothing or on something else by now."""
    why = closing.unproven(CHANGE, "embedded", proof, lambda _: today)

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

    assert closing.doubt(change, PROOF, same, launch) == closing.doubt(known, None, same, launch) == closing.doubt(CHANGE, None, same, launch) == ""
    assert "ended as 'missed'" in closing.doubt(change, replace(PROOF, verdict="missed"), same, launch)
    (launch / "runbooks" / "mail.md").write_text("nothing")
    assert "does not say" in closing.doubt(known, None, same, launch)
