"""F20: more counts as used than there is: each project twice, or what was refused."""

from __future__ import annotations

from collections import Counter
from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def count_twice(seams: Seams) -> None:
    """Each project counts as two, where it is shown and where it is judged."""
    from products.cloudsuite.app.domain import quotas

    @seams.instead_of(quotas, "used")
    def doubled(original: Any, tx: Any, workspace_id: str, dimension: Any) -> int:
        taken = int(original(tx, workspace_id, dimension))
        return taken * 2 if dimension is quotas.Dimension.PROJECTS else taken


def counts_twice(probe: Probe) -> str:
    """Ask for a project, and compare the usage with the list."""
    person = probe.person()
    ok(person.ask_project(), 202)
    listed, used = len(person.projects()), person.usage()["projects"]["used"]
    if used <= listed:
        return ""
    probe.remember(person)
    return f"{used} projects count as used, {listed} is listed"


def count_the_refused(seams: Seams) -> None:
    """A request that was refused as invalid has taken a place."""
    from products.cloudsuite.app.domain import projects, quotas
    from products.cloudsuite.app.refusals import Refusal

    leaked: Counter[str] = Counter()

    @seams.instead_of(projects, "create")
    def leaking(original: Any, tx: Any, settings: Any, actor: Any, workspace_id: str, **asked: Any) -> Any:
        try:
            return original(tx, settings, actor, workspace_id, **asked)
        except Refusal as refusal:
            leaked[workspace_id] += refusal.code == "invalid_input"
            raise

    @seams.instead_of(quotas, "used")
    def swollen(original: Any, tx: Any, workspace_id: str, dimension: Any) -> int:
        taken = int(original(tx, workspace_id, dimension))
        return taken + leaked[workspace_id] if dimension is quotas.Dimension.PROJECTS else taken


def counts_the_refused(probe: Probe) -> str:
    """Ask for a project that is invalid, and read the usage."""
    person = probe.person()
    ok(person.ask_project(region="nowhere"), 422)
    used = person.usage()["projects"]["used"]
    if not used:
        return ""
    probe.remember(person)
    return f"{used} project counts as used after a request that was refused as invalid"


FAULTS = (
    Fault(
        id="F20",
        title="Each project counts twice: the plan is full at half of what it sells.",
        layer=Layer.APPLICATION,
        journey="quota",
        risk="quota-wrongly-refused",
        expects=Expected("quota.shown-matches-real", "billing", "error"),
        permits=("quota.invalid-consumes-nothing", "quota.last-allowed", "quota.last-slot-race"),
        silent=True,
        inject=count_twice,
        oracle=counts_twice,
        residue=Probe.counts_on,
    ),
    Fault(
        id="F20-refused",
        title="A request that was refused takes a place of the plan.",
        layer=Layer.APPLICATION,
        journey="quota",
        risk="quota-wrongly-refused",
        expects=Expected("quota.invalid-consumes-nothing", "billing", "error"),
        silent=True,
        inject=count_the_refused,
        oracle=counts_the_refused,
        residue=Probe.counts_on,
    ),
)
