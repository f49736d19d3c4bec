"""F37: something was done to a project, and the audit log does not know of it, or names somebody else."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def staff_leaves_no_trace(seams: Seams) -> None:
    """What the operator does is not written down."""
    from products.cloudsuite.app.domain import audit

    @seams.instead_of(audit, "record")
    def discreet(original: Any, tx: Any, project_id: str, by: Any, *given: Any) -> None:
        if by != "operator":
            original(tx, project_id, by, *given)


def another_is_named(seams: Seams) -> None:
    """What a person has done is put down to the product itself."""
    from products.cloudsuite.app.domain import audit

    @seams.instead_of(audit, "record")
    def vague(original: Any, tx: Any, project_id: str, by: Any, *given: Any) -> None:
        original(tx, project_id, by if isinstance(by, str) else "system", *given)


def entries(probe: Probe) -> tuple[str, list[tuple[str, str]]]:
    """Make a project, have the operator suspend it; return who made it, and what the audit log has: action and actor."""
    person = probe.person()
    project = person.project()
    ok(probe.operator().post(f"/operator/projects/{project}/suspend"), 200)
    found = ok(person.http.get(f"/api/v1/projects/{project}/audit"), 200).json()["items"]
    return person.email, [(each["action"], each["actor"]) for each in found]


def suspension_is_missing(probe: Probe) -> str:
    """Look for the operator's suspension in the log."""
    _, found = entries(probe)
    return "" if ("suspend", "operator") in found else f"a suspension by the operator is not in the audit log: {found}"


def maker_is_missing(probe: Probe) -> str:
    """Look for whoever made the project in the log."""
    maker, found = entries(probe)
    named = dict(found).get("create")
    return "" if named == maker else f"a project was made by {maker}, and the audit log names {named}"


def fault(variant: str, title: str, inject: Any, oracle: Any, doses: tuple[int, ...] = (100,)) -> Fault:
    """Return one of the ways in which the log is wrong."""
    return Fault(
        id=f"F37{variant}",
        title=title,
        layer=Layer.APPLICATION,
        journey="lifecycle",
        risk="lifecycle-corrupt",
        expects=Expected("lifecycle.audit-trail", "platform", "error"),
        silent=True,
        inject=inject,
        oracle=oracle,
        doses=doses,
    )


FAULTS = (
    fault("", "What the operator does to a project is not in its audit log.", staff_leaves_no_trace, suspension_is_missing, (100, 50, 25, 10)),
    fault("-actor", "The audit log names another actor than the one who did it.", another_is_named, maker_is_missing),
)
