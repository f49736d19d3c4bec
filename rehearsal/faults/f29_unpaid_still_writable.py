"""F29, of a whole workspace: it is suspended because it has not paid, and work goes on."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ProbeTrouble, ok

PAYS, FAILS_RENEWAL = "4242424242424242", "4000000000000341"
"""Test cards: one that pays, one that pays once and is declined when the plan is renewed."""


def inject(seams: Seams) -> None:
    """Nobody asks whether the workspace is suspended."""
    from products.cloudsuite.app.domain import roles

    @seams.instead_of(roles, "require_not_suspended")
    def nothing(_original: Any, _tx: Any, _workspace_id: str) -> None:
        return None


def oracle(probe: Probe) -> str:
    """Let a renewal fail and its grace end, and write."""
    person, operator = probe.person(), probe.operator()
    project = person.project()
    person.bill("card", number=PAYS)
    person.bill("plan", plan="team")
    person.bill("card", number=FAILS_RENEWAL)
    for step in ("renew", "grace/expire"):
        ok(operator.post(f"/operator/workspaces/{person.workspace}/billing/{step}"), 200)
    status = ok(operator.get(f"/operator/workspaces/{person.workspace}"), 200).json()["status"]
    if status != "suspended":
        msg = f"a workspace that has not paid through its grace is {status!r}"
        raise ProbeTrouble(msg)
    answer = person.writes(project)
    if not answer.is_success:
        return ""
    probe.remember(person, project=project)
    return f"a document was written into a workspace that is suspended for not paying, with {answer.status_code}"


def not_as_owed(probe: Probe) -> str:
    """Look whether the workspace that was let through is closed now, and open again once it has paid."""
    people, what = probe.caught()
    for person in people:
        answer = person.writes(what["project"])
        if answer.is_success:
            return f"the workspace that was let through can still be written, with {answer.status_code}"
        person.bill("card", number=PAYS)
        person.bill("pay")
        answer = person.writes(what["project"])
        if not answer.is_success:
            return f"the workspace that was let through has paid, and writing in it is refused with {answer.status_code}"
    return ""


FAULT = Fault(
    id="F29-unpaid",
    title="A workspace that is suspended because it has not paid can still be written.",
    layer=Layer.APPLICATION,
    journey="account",
    risk="paid-not-served",
    expects=Expected("account.failed-payment", "billing", "critical"),
    silent=True,
    inject=inject,
    oracle=oracle,
    residue=not_as_owed,
)
