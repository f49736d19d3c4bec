"""F39: the connection of a live document is open, and what others type does not come through."""

from __future__ import annotations

from rehearsal import sitting
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe
from rehearsal.wire import actions
from rehearsal.wire.rules import Rule, When


def oracle(probe: Probe) -> str:
    """Open a document twice, type in one, and listen in the other."""
    person = probe.person()
    document = person.document(person.project())
    return "" if sitting.hears(person.again(), person, document, "x") else "an edit did not reach the other live connection, which is open"


FAULT = Fault(
    id="F39",
    title="Live documents stay connected, and do not show what others type.",
    layer=Layer.WIRE,
    journey="collaboration",
    risk="lost-edits",
    expects=Expected("collaboration.live-editing", "workspace", "critical"),
    permits=("collaboration.editing-anywhere",),
    silent=True,
    rules=(Rule(actions.Swallow(pattern='"type": ?"edit"'), When(path="/live$")).dump(),),
    oracle=oracle,
    confined=False,
)
