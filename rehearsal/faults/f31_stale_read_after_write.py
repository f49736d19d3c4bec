"""F31: what was just saved is read back as it was before: a copy that lags, a cache that nobody emptied."""

from __future__ import annotations

import functools
from contextvars import ContextVar
from typing import Any

from rehearsal.application import seams as application
from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok

MANY = 1000
"""Documents whose state before the last save is kept."""


def inject(seams: Seams) -> None:
    """The answer to a save shows what was saved; every later look at it shows the version before."""
    from products.cloudsuite.app.domain import documents

    before: dict[str, Any] = {}
    saved: ContextVar[str] = ContextVar("saved", default="")

    save = documents.save

    @functools.wraps(save)
    def remembering(tx: Any, actor: Any, document_id: str, body: str, version: int) -> Any:
        """Remember while the fault is on, whatever its dose: that is the share of looks which are late."""
        if not any(switch.fault == seams.fault and switch.concerns(actor.email) for switch in seams.board.on()):
            return save(tx, actor, document_id, body, version)
        old = documents.readable(tx, actor, document_id)
        made = save(tx, actor, document_id, body, version)
        before[document_id] = old
        if len(before) > MANY:
            before.pop(next(iter(before)))
        saved.set(document_id)
        return made

    vars(documents)["save"] = remembering

    @seams.instead_of(documents, "describe", whose=lambda _: application.caller())
    def lagging(original: Any, document: Any, *, body: bool = True) -> Any:
        return original(document if saved.get() == document.id else before.get(document.id, document), body=body)


def oracle(probe: Probe) -> str:
    """Save a document, and read it."""
    person = probe.person()
    document = person.document(person.project(), "before")
    path = f"/api/v1/documents/{document}"
    version = int(ok(person.http.get(path), 200).json()["version"])
    ok(person.http.put(path, json={"body": "after", "version": version}), 200)
    read = str(ok(person.http.get(path), 200).json()["body"])
    if read == "after":
        return ""
    probe.remember(person, document=document)
    return f"a document that was saved as 'after' is read as {read!r}"


def stays_old(probe: Probe) -> str:
    """Say whether what was saved meanwhile is shown as it was before for good."""
    people, what = probe.caught()
    read = [str(ok(person.http.get(f"/api/v1/documents/{what['document']}"), 200).json()["body"]) for person in people]
    return next((f"after the rollback, a document that was saved as 'after' is read as {each!r}" for each in read if each != "after"), "")


FAULT = Fault(
    id="F31",
    title="A document that was just saved is shown as it was before.",
    layer=Layer.APPLICATION,
    journey="lifecycle",
    risk="lost-edits",
    expects=Expected("lifecycle.read-after-write", "platform", "error"),
    permits=("lifecycle.stale-update",),  # what it reads after a refused save is the version before, too
    silent=True,
    inject=inject,
    oracle=oracle,
    residue=stays_old,
    doses=(100, 50, 25, 10),
)
