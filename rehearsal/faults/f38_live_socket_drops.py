"""F38: the connection of a live document drops as soon as it is open."""

from __future__ import annotations

from rehearsal import sitting
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe
from rehearsal.wire import actions
from rehearsal.wire.rules import Rule, When


def oracle(probe: Probe) -> str:
    """Open a document live, type, and see whether the connection outlives it."""
    person = probe.person()
    document = person.document(person.project())
    return "" if sitting.stays(person, document, "x") else "the live connection was closed before an edit was taken"


FAULT = Fault(
    id="F38",
    title="Live documents lose their connection as soon as they are open.",
    layer=Layer.WIRE,
    journey="collaboration",
    risk="lost-edits",
    expects=Expected("collaboration.live-editing", "workspace", "critical"),
    permits=("collaboration.*",),
    rules=(Rule(actions.Close(after=1), When(path="/live$")).dump(),),
    oracle=oracle,
    confined=False,
)
