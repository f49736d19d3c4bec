"""F16: a project is promised of what nobody offers."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe


def take_anything(seams: Seams) -> None:
    """Any template is taken, whether there is one of that name or not."""
    from products.cloudsuite.app.domain import catalogue

    @seams.instead_of(catalogue, "require_offered")
    def lenient(original: Any, _: str, tier: str, region: str) -> None:
        original(catalogue.TEMPLATES[0], tier, region)


def takes_what_nobody_offers(probe: Probe) -> str:
    """Ask for a project of a template that was never heard of."""
    answer = probe.person().ask_project(template="probe-unheard-of")
    return f"a project of a template that nobody offers was promised: {answer.status_code}" if answer.is_success else ""


FAULT = Fault(
    id="F16-unoffered",
    title="A project is promised of a template that nobody offers.",
    layer=Layer.APPLICATION,
    journey="provisioning",
    risk="provisioning-wrong",
    expects=Expected("provisioning.only-what-is-offered", "platform", "warning"),
    silent=True,
    inject=take_anything,
    oracle=takes_what_nobody_offers,
    doses=(100, 50, 25, 10),
)
