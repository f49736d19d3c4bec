"""F34, from the beginning: a project that was just made is open to everybody."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def inject(seams: Seams) -> None:
    """A project is called public, whoever asks."""
    from products.cloudsuite.app.domain import projects

    @seams.instead_of(projects, "describe")
    def public(original: Any, tx: Any, project: Any) -> Any:
        return original(tx, project) | {"visibility": "public"}


def oracle(probe: Probe) -> str:
    """Make a project, and read who can see it."""
    person = probe.person()
    visibility = ok(person.http.get(f"/api/v1/projects/{person.project()}"), 200).json()["visibility"]
    return "" if visibility == "private" else f"a project that was just made is {visibility}"


FAULT = Fault(
    id="F34-public",
    title="A new project is public, though nobody has asked for it.",
    layer=Layer.APPLICATION,
    journey="provisioning",
    risk="data-leak",
    expects=Expected("provisioning.private-by-default", "platform", "critical"),
    silent=True,
    inject=inject,
    oracle=oracle,
    doses=(100, 50, 25, 10),
)
