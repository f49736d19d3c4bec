"""F44: the scripts of the pages are not there."""

from __future__ import annotations

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe
from rehearsal.wire import actions
from rehearsal.wire.rules import Rule, When


def oracle(probe: Probe) -> str:
    """Ask for the editor's script."""
    status = probe.get("/static/document.js").status_code
    return "" if status == 200 else f"the editor's script is answered by {status}"


FAULT = Fault(
    id="F44",
    title="The scripts of the pages are answered by 404: live documents cannot be typed into.",
    layer=Layer.WIRE,
    journey="collaboration",
    risk="lost-edits",
    expects=Expected("collaboration.live-editing", "workspace", "critical"),
    permits=("collaboration.*",),
    rules=(Rule(actions.Answer(404), When(path=r"\.js$")).dump(),),
    oracle=oracle,
    confined=False,
    surfaces=("browser",),
)
