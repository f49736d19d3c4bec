"""What proves that an item is done, since nobody's word does: a rehearsal that came after the change, or the words where whoever is on call looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from rehearsal.assess import Mark
from rehearsal.tabletop.items import Change, Item, Knowledge
from reports.wording import dated, moment
from verdicts.history.proofs import Proof

Edits = Callable[[Proof], Sequence[str]]
"""Says in words what was edited of that which a proof rests on (see `rehearsal.evidence`)."""


def proof_of(change: Change, target: str, known: Sequence[Proof], edits: Edits) -> tuple[Proof | None, str]:
    """Return the proof that closes a change, or why none does. `known` are the latest proofs of each fault on the target.

    A risk has several faults: one that was missed keeps the change open, whatever the others showed.
    """
    again = f"run: synthetics rehearse --target {target} --risk {change.risk}"
    mine = sorted((each for each in known if each.risk == change.risk), key=lambda each: each.at)
    if not mine:
        return None, f"the risk '{change.risk}' was never rehearsed on '{target}'; {again}"
    for each in mine:
        if each.verdict != Mark.PROVEN:
            when = dated(moment(each.at))
            return None, f"the last rehearsal of {each.fault} on '{target}' ({each.rehearsal}, {when}) ended as '{each.verdict}'; mend it, and {again}"
    later = [each for each in mine if each.at > change.at]
    if not later:
        last, since = dated(moment(mine[-1].at)), dated(moment(change.at))
        return None, f"the last rehearsal of '{change.risk}' on '{target}' ({last}) is older than the change ({since}): it proves the plan as it was; {again}"
    why = ""
    for each in reversed(later):
        stale = edits(each) if each.hashes else ["it does not say what it rests on"]
        if not stale:
            return each, ""
        why = why or f"the proof by {each.fault} of {dated(moment(each.at))} is stale: {'; '.join(stale)}; {again}"
    return None, why


def unwritten(words: str, written: str, launch: Path) -> str:
    """Say why a file below the launch package does not show that knowledge is written down; nothing where it does. Line ends and capitals do not matter."""
    place = (launch / written).resolve()
    if not place.is_relative_to(launch.resolve()):
        return f"saw '{written}'; allowed is a file below {launch.name}/, where whoever is on call looks"
    try:
        text = place.read_text(encoding="utf-8", errors="replace")
    except OSError as cause:
        return f"'{written}' cannot be read: {cause.strerror}; write down there what was asked"
    if not words.split():
        return "saw no words; allowed are some of those that are written there now"
    if " ".join(words.split()).casefold() not in " ".join(text.split()).casefold():
        return f"'{written}' does not say “{words}”; write it there first"
    return ""


def doubt(item: Item, known: Sequence[Proof], edits: Edits, launch: Path) -> str:
    """Say why a closed item may not be done any more: no proof of its risk holds, or its words have gone. Nothing where it stands."""
    if item.closed is None:
        return ""
    if isinstance(item, Knowledge):
        return unwritten(item.closed.words, item.closed.written, launch)
    return proof_of(item, item.closed.target, known, edits)[1]
