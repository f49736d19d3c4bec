"""F39, in the application: the live editor's socket is open, presence is right, and what others type never comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal import sitting
from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe


def sitter(about: Mapping[str, Any]) -> str:
    """Return the address of whoever sits at a socket; nobody's, once they may not any more."""
    from products.cloudsuite.app.domain import sessions
    from products.cloudsuite.app.refusals import Refusal

    sitting = about["self"]
    try:
        with sitting.product.database.reading() as tx:
            return str(sessions.authenticate(tx, sitting.token).email)
    except Refusal:
        return ""


def inject(seams: Seams) -> None:
    """Of the news, only the echo of what one has typed oneself is passed on."""
    from products.cloudsuite.app.api import live

    @seams.instead_of(live.Sitting, "apply", whose=sitter)
    def noting(original: Any, seat: Any, message: str, origin: str) -> None:
        seat.origin = origin
        original(seat, message, origin)

    @seams.instead_of(live.Sitting, "news", whose=sitter)
    def deaf(original: Any, seat: Any) -> Any:
        return [edit for edit in original(seat) if edit.origin == getattr(seat, "origin", None)]


def oracle(probe: Probe) -> str:
    """Open one document twice, type in one, and listen in the other."""
    person = probe.person()
    document = person.document(person.project(), "begin.")
    heard = sitting.hears(person, person.again(), document, "(typed)")
    return "" if heard else f"what was typed did not come to an open editor within {sitting.HEARS:g} s"


FAULT = Fault(
    id="F39-application",
    title="A live editor stays open, and is not told what others type.",
    layer=Layer.APPLICATION,
    journey="collaboration",
    risk="lost-edits",
    expects=Expected("collaboration.live-editing", "workspace", "critical"),
    permits=("collaboration.editing-anywhere",),
    silent=True,
    inject=inject,
    oracle=oracle,
)
