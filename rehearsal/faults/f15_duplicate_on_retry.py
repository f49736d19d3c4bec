"""F15: a request that is sent again is answered alike, and makes a second project."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok

GHOST = (
    "INSERT INTO projects SELECT :ghost, workspace_id, name, name_key, 'requested', NULL, NULL, template, tier, region,"
    " 1, owner_id, 0, NULL, deadline_at, :now, :now, NULL, NULL FROM projects WHERE id = :id"
)


def inject(seams: Seams) -> None:
    """A key that is known answers as it should, and the work is done again."""
    from products.cloudsuite.app import clock, identifiers
    from products.cloudsuite.app.domain import idempotency, projects
    from products.cloudsuite.app.transitions import State

    @seams.instead_of(idempotency, "once")
    def haunted(original: Any, tx: Any, scope: str, key: str | None, request: Any, make: Any) -> Any:
        known = tx.execute("SELECT 1 FROM idempotency WHERE scope = ? AND key = ?", (scope, key)).fetchone()
        answer = original(tx, scope, key, request, make)
        if known and scope.startswith("project"):
            ghost, now = identifiers.new_id("prj"), clock.now()
            tx.execute(GHOST, {"ghost": ghost, "now": now, "id": answer["id"]})
            projects._remember(tx, ghost, State.REQUESTED, now)
        return answer


def oracle(probe: Probe) -> str:
    """Send one request twice, with the same key, and count what the list shows."""
    person = probe.person()
    for _ in range(2):
        ok(person.ask_project("syn-probe-once", key="probe-once"), 202)
    made = len(person.projects())
    if made < 2:
        return ""
    probe.remember(person)
    return f"one request, sent twice with the same key, made {made} projects"


def cannot_be_removed(probe: Probe) -> str:
    """Do what the runbook says for those who were caught, remove what was made twice, and say whether it still takes a place."""
    people, _ = probe.caught()
    for person in people:
        for each in person.projects():
            ok(person.http.delete(f"/api/v1/projects/{each['id']}"), 202)
        if left := person.projects():
            return f"{len(left)} of the projects that were made twice cannot be removed"
    return next((said for person in people if (said := person.miscounted())), "")


FAULT = Fault(
    id="F15",
    title="A request that is sent again makes a second project.",
    layer=Layer.APPLICATION,
    journey="provisioning",
    risk="provisioning-wrong",
    expects=Expected("provisioning.idempotency-key", "platform", "error"),
    silent=True,
    inject=inject,
    oracle=oracle,
    residue=cannot_be_removed,
)
