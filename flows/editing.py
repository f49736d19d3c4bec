"""Editing a document together, live."""

from __future__ import annotations

from flows.blame import ProductFault, Refused, arranging
from flows.contract.documents import Document, Pen
from flows.contract.projects import Project
from flows.refusal import Reason
from flows.site import Customer
from flows.steps import step
from flows.waiting import eventually


def open_pen(customer: Customer, project: Project, document: Document) -> Pen:
    """Open the live editor on a document."""
    with step("open the live editor"):
        return customer.documents.open(project.id, document.id)


def open_to_read(customer: Customer, project: Project, document: Document) -> Pen | None:
    """Open the live editor for somebody who may read and not write; None where the product opens it for those alone who may write."""
    try:
        return open_pen(customer, project, document)
    except Refused as refused:
        if refused.refusal.reason is not Reason.FORBIDDEN:
            raise
        return None


def await_text(customer: Customer, pen: Pen, *parts: str) -> str:
    """Wait until an editor shows every one of `parts`, and return its text."""
    with step("wait until the editor shows what was typed"):
        return eventually(
            pen.text,
            reaches="complete",
            within=customer.site.budget("live"),
            of="the editor's text",
            state=lambda text: (
                "complete" if all(part in text for part in parts) else f"{len(text)} characters, {sum(part in text for part in parts)} of {len(parts)}"
            ),
        )


def await_cut_off(customer: Customer, pen: Pen) -> None:
    """Wait until an open editor can no longer write."""
    with step("wait until the open editor is cut off"):
        eventually(lambda: _writes(pen), reaches="cut off", within=customer.site.budget("live"), of="the open editor", state=lambda at: at)


def _writes(pen: Pen) -> str:
    if not pen.alive():
        return "cut off"
    try:
        pen.type_at_end("x")
    except Refused as refused:
        if refused.refusal.reason not in {Reason.FORBIDDEN, Reason.NOT_FOUND, Reason.UNAUTHENTICATED, Reason.SUSPENDED, Reason.READ_ONLY}:
            raise
        return "cut off"
    except ProductFault:
        if not pen.alive():
            return "cut off"
        raise
    return "still writing"


def await_left_out(customer: Customer, project: Project, document: Document, pen: Pen) -> None:
    """Wait until what `customer` types is no longer shown in an editor that somebody left open who may not read it any more."""
    with arranging("two editors"):
        mine, witness = open_pen(customer, project, document), open_pen(customer.twin(), project, document)

    def shown() -> str:
        first, second = customer.site.fresh_name(), customer.site.fresh_name()
        with arranging("an editor that is told what is typed in another"):
            for word in (first, second):  # whoever is told the second has been told the first, so that nobody's being late counts as being left out
                mine.type_at_end(word)
                await_text(customer, witness, word)
        return "still reading" if first in pen.text() else "left out"

    with step("wait until the open editor is left out of what is typed"):
        eventually(shown, reaches="left out", within=customer.site.budget("live"), of="the open editor", state=lambda at: at)
    mine.close()
    witness.close()


def type_once(customer: Customer, project: Project, document: Document, text: str) -> None:
    """Open the live editor, type behind all there is, and leave.

    Raises:
        Refused: it may be read and not written, or not even read.
    """
    pen = open_pen(customer, project, document)
    try:
        pen.type_at_end(text)
    finally:
        pen.close()


def await_exactly(customer: Customer, pen: Pen, text: str) -> None:
    """Wait until an editor shows this text and nothing else."""
    with step("wait until the editor shows what was written"):
        eventually(pen.text, reaches=text, within=customer.site.budget("live"), of="the editor's text", state=lambda shown: shown)
