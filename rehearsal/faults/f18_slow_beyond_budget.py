"""F18: the first project of a workspace takes longer than is promised, and gets ready in the end."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ProbeTrouble, ok, until

PROMISED = 5.0
"""Seconds in which a project is to be ready, as `rehearsal.stage.BUDGETS` has it."""

SLOW = 7.0
"""Seconds that it takes with the fault: later than promised, sooner than what counts as stuck."""


def inject(seams: Seams) -> None:
    """A cold start: who has no project yet waits longest."""
    from products.cloudsuite.app.domain import provisioning

    @seams.instead_of(provisioning, "_begin")
    def cold(original: Any, tx: Any, settings: Any, project: Any, now: float, seconds: float) -> None:
        alone = tx.execute("SELECT count(*) FROM projects WHERE workspace_id = ?", (project.workspace_id,)).fetchone()[0] == 1
        original(tx, settings, project, now, max(seconds, SLOW) if alone else seconds)


def oracle(probe: Probe) -> str:
    """Ask for the first project of a workspace, and look when it is ready."""
    person = probe.person()
    project = str(ok(person.ask_project(), 202).json()["id"])
    if until(lambda: person.state(project) == "active", PROMISED):
        return ""
    if not until(lambda: person.state(project) == "active", SLOW):
        msg = f"the project is not slow, but {person.state(project)!r}"
        raise ProbeTrouble(msg)
    return f"the first project of a workspace was ready later than {PROMISED:g} s after it was asked for"


FAULT = Fault(
    id="F18",
    title="The first project of a workspace takes longer than is promised.",
    layer=Layer.APPLICATION,
    journey="provisioning",
    risk="provisioning-stuck",
    expects=Expected("provisioning.ready-and-used", "platform", "critical"),
    permits=("provisioning.[*]",),  # the alert of the whole journey's speed
    silent=True,
    inject=inject,
    oracle=oracle,
    doses=(100, 50, 25, 10),
)
