"""Of the proofs of a risk the latest one counts."""

from __future__ import annotations

from dataclasses import replace

from tests.verdicts.history.made import NOON
from verdicts.history.proofs import Proof, add, latest
from verdicts.history.store import History

PROOF = Proof("data-leak", "leak-by-search", "t", NOON, "1.0", "proven", {"scenario": "a1", "runbook": "b2"}, "rehearsal-1")


def test_the_latest_proof_of_each_risk(history: History) -> None:
    """Of one target, with all that was told, in whichever order they came; of two at once the one that came later."""
    again = replace(PROOF, at=NOON + 5, verdict="missed")
    other = replace(PROOF, risk="quota-bypassed", at=NOON + 1)
    with history.begin() as tx:
        for each in (again, PROOF, other, replace(other, verdict="missed"), replace(PROOF, target="elsewhere", at=NOON + 9)):
            add(tx, each)

        assert latest(tx, "t") == {"data-leak": again, "quota-bypassed": replace(other, verdict="missed")}
        assert latest(tx, "nowhere") == {}
