"""F19: a workspace gets more projects than its plan gives."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe


def inject(seams: Seams) -> None:
    """Whoever asks for room is let in."""
    from products.cloudsuite.app.domain import quotas

    @seams.instead_of(quotas, "require_room")
    def unguarded(original: Any, tx: Any, workspace_id: str, dimension: Any, adding: int) -> None:
        if dimension is not quotas.Dimension.PROJECTS:
            original(tx, workspace_id, dimension, adding)


def oracle(probe: Probe) -> str:
    """Ask for one project more than the usage says that there may be."""
    person = probe.person()
    limit = int(person.usage()["projects"]["limit"])
    answers = [person.ask_project().status_code for _ in range(limit + 1)]
    return f"{limit + 1} projects were granted on a plan of {limit}" if answers[-1] == 202 else ""


FAULT = Fault(
    id="F19",
    title="A workspace gets more projects than its plan gives.",
    layer=Layer.APPLICATION,
    journey="quota",
    risk="quota-bypassed",
    expects=Expected("quota.limit-plus-one", "billing", "critical"),
    permits=("quota.*",),
    silent=True,
    inject=inject,
    oracle=oracle,
)
