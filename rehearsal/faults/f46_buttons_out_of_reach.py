"""F46: buttons are there, and nobody can press them: hidden, or covered by something that cannot be seen."""

from __future__ import annotations

from collections.abc import Callable

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe
from rehearsal.wire import actions
from rehearsal.wire.page import opened
from rehearsal.wire.rules import Rule, When

STYLES = When(path=r"\.css(\?|$)")
HIDDEN = "\nbutton { visibility: hidden }\n"
COVERED = '\nbody::after { content: ""; position: fixed; inset: 0; z-index: 9999 }\n'


def styled(rule: str) -> Callable[[Probe], str]:
    """Return an oracle that looks for a rule in the styles of the sign-up's page."""

    def oracle(probe: Probe) -> str:
        page = opened(probe, "/signup")
        found = any(rule.strip() in page.http.get(each).text for each in page.assets)
        return f"the styles of the sign-up have '{rule.strip()}'" if found else ""

    return oracle


FAULTS = tuple(
    Fault(
        id=name,
        title=title,
        layer=Layer.WIRE,
        journey="face",
        risk="page-broken",
        expects=Expected("face.button-works", "growth", "critical"),
        permits=("face.*",),
        silent=True,
        rules=(Rule(actions.Replace(r"\Z", rule), STYLES).dump(),),
        oracle=styled(rule),
        confined=False,
        surfaces=("browser",),
    )
    for name, title, rule in (
        ("F46", "The buttons of every form cannot be seen.", HIDDEN),
        ("F46-covered", "The buttons of every form are covered by a layer that cannot be seen.", COVERED),
    )
)
