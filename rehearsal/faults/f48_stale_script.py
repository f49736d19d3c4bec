"""F48: browsers get last week's script, which speaks to this week's server."""

from __future__ import annotations

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe
from rehearsal.wire import actions
from rehearsal.wire.rules import Rule, When

NOW, BEFORE = "base: revision", "version: revision"
"""What the editor's script sends, and what an older one would have."""


def oracle(probe: Probe) -> str:
    """Read the editor's script."""
    return "the editor's script is an old one" if BEFORE in probe.get("/static/document.js").text else ""


RULES = (Rule(actions.Replace(NOW, BEFORE), When(path=r"/document\.js(\?|$)")).dump(),)
FAULTS = (
    Fault(
        id="F48",
        title="Browsers get an old script, which does not fit the server: what is typed is not kept.",
        layer=Layer.WIRE,
        journey="collaboration",
        risk="lost-edits",
        expects=Expected("collaboration.live-editing", "workspace", "critical"),
        permits=("collaboration.*",),
        silent=True,
        rules=RULES,
        oracle=oracle,
        confined=False,
        surfaces=("browser",),
    ),
    Fault(
        id="F48-release",
        title="Parts of two releases are served side by side.",
        layer=Layer.WIRE,
        journey="face",
        risk="wrong-release",
        expects=Expected("face.version-agrees", "platform", "error"),
        silent=True,
        rules=RULES,
        oracle=oracle,
        confined=False,
    ),
)
