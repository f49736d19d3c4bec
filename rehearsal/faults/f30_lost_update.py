"""F30: two people change one document, and the work of one is gone without a word."""

from __future__ import annotations

import dataclasses
from typing import Any

from rehearsal import sitting
from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def last_save_wins(seams: Seams) -> None:
    """Whatever version was read: it is taken for the newest."""
    from products.cloudsuite.app.domain import documents

    @seams.instead_of(documents, "save")
    def careless(original: Any, tx: Any, actor: Any, document_id: str, body: str, version: int) -> Any:
        del version
        return original(tx, actor, document_id, body, documents.readable(tx, actor, document_id).version)


def last_typist_loses(seams: Seams) -> None:
    """What is typed on a revision that is no more the newest is acknowledged, and nothing of it is kept."""
    from products.cloudsuite.app.domain import documents

    @seams.instead_of(documents, "edit")
    def forgetful(original: Any, tx: Any, actor: Any, document_id: str, base: int, splice: Any, origin: str) -> Any:
        newest = documents.writable(tx, actor, document_id).version
        if base < newest:
            base, splice = newest, dataclasses.replace(splice, insert="")
        return original(tx, actor, document_id, base, splice, origin)


def overwritten(probe: Probe) -> str:
    """Have two sessions read one version, and save both."""
    person = probe.person()
    document = person.document(person.project(), "as both have read it")
    path, version = f"/api/v1/documents/{document}", 1
    version = int(ok(person.http.get(path), 200).json()["version"])
    ok(person.http.put(path, json={"body": "saved first", "version": version}), 200)
    answer = person.again().http.put(path, json={"body": "saved second", "version": version})
    if not answer.is_success:
        return ""
    return f"a save on version {version} was taken with {answer.status_code} though the document had moved on: what was saved before it is gone"


def typed_away(probe: Probe) -> str:
    """Have two people type into the same revision, and look for both texts."""
    person = probe.person()
    document = person.document(person.project(), "begin.")
    mine, theirs = "(mine)", "(theirs)"
    sitting.at_once(person, person.again(), document, (mine, theirs))
    kept = str(ok(person.http.get(f"/api/v1/documents/{document}"), 200).json()["body"])
    lost = [each for each in (mine, theirs) if each not in kept]
    return f"both texts were acknowledged, and {' and '.join(lost)} is not in the document" if lost else ""


FAULTS = (
    Fault(
        id="F30",
        title="Saving a document that somebody else has changed meanwhile overwrites their work.",
        layer=Layer.APPLICATION,
        journey="lifecycle",
        risk="lost-edits",
        expects=Expected("lifecycle.stale-update", "platform", "error"),
        silent=True,
        inject=last_save_wins,
        oracle=overwritten,
        doses=(100, 50, 25, 10),
    ),
    Fault(
        id="F30-live",
        title="Of two people who type at the same time, one loses what was typed.",
        layer=Layer.APPLICATION,
        journey="collaboration",
        risk="lost-edits",
        expects=Expected("collaboration.live-editing", "workspace", "critical"),
        permits=("collaboration.editing-anywhere",),
        silent=True,
        inject=last_typist_loses,
        oracle=typed_away,
    ),
)
