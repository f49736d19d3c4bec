"""F16, at the beginning: a newcomer's first workspace is on another plan than is documented."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok

DOCUMENTED = "free"


def inject(seams: Seams) -> None:
    """The dearest plan, for nothing."""
    from products.cloudsuite.app.domain import workspaces

    @seams.instead_of(workspaces, "create")
    def generous(original: Any, tx: Any, account_id: str, name: str) -> Any:
        made = original(tx, account_id, name)
        tx.execute("UPDATE workspaces SET plan = 'business' WHERE id = ?", (made["id"],))
        return made


def oracle(probe: Probe) -> str:
    """Sign up, and ask for the plan."""
    plan = ok(probe.person().http.get("/api/v1/workspaces"), 200).json()["items"][0]["plan"]
    return f"a newcomer is on the plan '{plan}', not on '{DOCUMENTED}'" if plan != DOCUMENTED else ""


FAULT = Fault(
    id="F16-newcomer",
    title="A newcomer starts on another plan than is documented.",
    layer=Layer.APPLICATION,
    journey="signup",
    risk="wrong-beginning",
    expects=Expected("signup.newborn-tenant", "growth", "error"),
    silent=True,
    inject=inject,
    oracle=oracle,
    doses=(100, 50, 25, 10),
)
