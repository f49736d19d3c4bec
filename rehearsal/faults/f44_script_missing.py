"""F44: the scripts of the pages are not there: what they keep up to date stands still."""

from __future__ import annotations

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe
from rehearsal.wire import actions
from rehearsal.wire.rules import Rule, When


def oracle(probe: Probe) -> str:
    """Ask for the script that keeps pages up to date."""
    status = probe.get("/static/watch.js").status_code
    return "" if status == 200 else f"the script that keeps pages up to date is answered by {status}"


FAULT = Fault(
    id="F44",
    title="The scripts of the pages are answered by 404: a project that is ready is never shown as such.",
    layer=Layer.WIRE,
    journey="provisioning",
    risk="provisioning-stuck",
    expects=Expected("provisioning.ready-and-used", "platform", "critical"),
    permits=("provisioning.*", "collaboration.*"),
    rules=(Rule(actions.Answer(404), When(path=r"\.js(\?|$)")).dump(),),
    oracle=oracle,
    confined=False,
    surfaces=("browser",),
)
