"""What the operator does to billing: the passing of time, on demand."""

from __future__ import annotations

from fastapi import APIRouter

from products.cloudsuite.app.access import ApiCall
from products.cloudsuite.app.domain import billing

router = APIRouter(prefix="/workspaces/{workspace_id}/billing")


@router.post("/renew")
def renew(call: ApiCall, workspace_id: str) -> dict[str, object]:
    """Charge the next period now."""
    with call.database.transaction() as tx:
        billing.renew(tx, call.settings, workspace_id)
        return billing.standing(tx, workspace_id)


@router.post("/grace/expire")
def expire_grace(call: ApiCall, workspace_id: str) -> dict[str, object]:
    """The grace is over now."""
    with call.database.transaction() as tx:
        billing.expire_grace(tx, workspace_id)
        return billing.standing(tx, workspace_id)


@router.post("/period/end")
def end_period(call: ApiCall, workspace_id: str) -> dict[str, object]:
    """The period is over now."""
    with call.database.transaction() as tx:
        billing.end_period(tx, call.settings, workspace_id)
        return billing.standing(tx, workspace_id)
