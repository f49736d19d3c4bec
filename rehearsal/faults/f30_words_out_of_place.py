"""F30: two people write into one document, and the words of one stand where they do not belong."""

from __future__ import annotations

from typing import Any

from rehearsal import sitting
from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def inject(seams: Seams) -> None:
    """What was written before an edit does not move it, where it was written at the very start."""
    from products.cloudsuite.app.domain import documents

    @seams.instead_of(documents, "transform")
    def still(original: Any, edit: Any, over: Any, *, earlier: bool) -> Any:
        return edit if over.at == 0 and not over.delete and edit.at > 0 else original(edit, over, earlier=earlier)


def oracle(probe: Probe) -> str:
    """Have one person write at the start, and another at the end of the same revision."""
    person, text = probe.person(), "begin."
    document = person.document(person.project(), text)
    sitting.start_and_end(person, person.again(), document, ("So: ", " Go on!"), len(text))
    kept, meant = str(ok(person.http.get(f"/api/v1/documents/{document}"), 200).json()["body"]), f"So: {text} Go on!"
    return "" if kept == meant else f"two people meant to write {meant!r}, and the document is {kept!r}"


FAULT = Fault(
    id="F30-place",
    title="Of two people who write at once, the words of one stand in the wrong place.",
    layer=Layer.APPLICATION,
    journey="collaboration",
    risk="lost-edits",
    expects=Expected("collaboration.editing-anywhere", "workspace", "error"),
    silent=True,
    inject=inject,
    oracle=oracle,
)
