"""F45: the stylesheet is not there."""

from __future__ import annotations

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe
from rehearsal.wire import actions
from rehearsal.wire.page import opened
from rehearsal.wire.rules import Rule, When


def oracle(probe: Probe) -> str:
    """Ask for what the first page names."""
    page = opened(probe, "/")
    missing = [each for each in page.assets if page.http.get(each).status_code != 200]
    return f"the first page names {', '.join(missing)}, which is not there" if missing else ""


FAULT = Fault(
    id="F45",
    title="The stylesheet is answered by 404: every page is bare.",
    layer=Layer.WIRE,
    journey="face",
    risk="page-broken",
    expects=Expected("face.page-works", "growth", "error"),
    permits=("face.version-agrees", "face.button-works"),
    silent=True,
    rules=(Rule(actions.Answer(404), When(path=r"\.css(\?|$)")).dump(),),
    oracle=oracle,
    confined=False,
    surfaces=("browser",),
)
