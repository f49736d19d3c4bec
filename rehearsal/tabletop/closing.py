"""What proves that an item is done, since nobody's word does: a rehearsal that came after the change, or the words where whoever is on call looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from rehearsal.assess import Mark
from rehearsal.tabletop.items import Change, Item, Knowledge
from reports.wording import dated, moment
from verdicts.history.proofs import Proof

RestsOn = Callable[[Proof], Mapping[str, str]]
"""Gives the content hash that each thing a proof rests on has today; what is not there any more is left out."""


def edits(proof: Proof, today: Mapping[str, str]) -> list[str]:
    """Name what a proof rests on and that is not as it was then."""
    return sorted(name for name, was in proof.hashes.items() if today.get(name) != was)


def unproven(change: Change, target: str, proof: Proof | None, rests_on: RestsOn) -> str:
    """Say why the latest proof of a change's risk on a target does not close the change; nothing where it does."""
    again = f"run: synthetics rehearse --target {target} --risk {change.risk}"
    if proof is None:
        return f"the risk '{change.risk}' was never rehearsed on '{target}'; {again}"
    rehearsed = f"the last rehearsal of '{change.risk}' on '{target}' ({proof.rehearsal}, {dated(moment(proof.at))})"
    if proof.verdict != Mark.PROVEN:
        return f"{rehearsed} ended as '{proof.verdict}'; mend it, and {again}"
    if proof.at <= change.at:
        return f"{rehearsed} is older than the change ({dated(moment(change.at))}): it proves the plan as it was before; {again}"
    if not proof.hashes:
        return f"the proof of {dated(moment(proof.at))} does not say what it rests on, so nobody can tell whether it still holds; {again}"
    if changed := edits(proof, rests_on(proof)):
        return f"the proof of {dated(moment(proof.at))} is stale: {', '.join(changed)} changed since; {again}"
    return ""


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


def doubt(item: Item, proof: Proof | None, rests_on: RestsOn, launch: Path) -> str:
    """Say why a closed item may not be done any more: the latest proof of its risk does not hold, or its words have gone. Nothing where it stands."""
    if item.closed is None:
        return ""
    if isinstance(item, Knowledge):
        return unwritten(item.closed.words, item.closed.written, launch)
    return unproven(item, item.closed.target, proof, rests_on)
