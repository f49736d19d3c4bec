"""What a workspace may use and does use, and what it pays."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import Response

from products.cloudsuite.app.access import PageVisit, Visit
from products.cloudsuite.app.db import Tx
from products.cloudsuite.app.domain import billing, quotas, workspaces
from products.cloudsuite.app.domain.sessions import Actor
from products.cloudsuite.app.refusals import Refusal

router = APIRouter(prefix="/w/{workspace_id}")


@router.get("/usage")
def usage(visit: PageVisit, workspace_id: str) -> Response:
    with visit.reading() as (tx, actor):
        workspace = workspaces.show(tx, actor, workspace_id)
        used = quotas.usage(tx, workspace_id)
    return visit.page("usage.html", workspace=workspace, tab="usage", usage=used)


@router.get("/billing")
def show(visit: PageVisit, workspace_id: str) -> Response:
    return _page(visit, workspace_id)


@router.post("/billing/card")
def save_card(visit: PageVisit, workspace_id: str) -> Response:
    number = visit.text("number")
    return _change(visit, workspace_id, lambda tx, actor: billing.save_card(tx, actor, workspace_id, number), "saved")


@router.post("/billing/plan")
def choose_plan(visit: PageVisit, workspace_id: str) -> Response:
    plan = visit.text("plan")
    return _change(
        visit,
        workspace_id,
        lambda tx, actor: billing.choose_plan(tx, visit.settings, actor, workspace_id, plan),
        "plan-changed",
    )


@router.post("/billing/cancel")
def cancel(visit: PageVisit, workspace_id: str) -> Response:
    return _change(visit, workspace_id, lambda tx, actor: billing.cancel(tx, actor, workspace_id), "plan-cancelled")


@router.post("/billing/pay")
def pay(visit: PageVisit, workspace_id: str) -> Response:
    return _change(visit, workspace_id, lambda tx, actor: billing.pay(tx, visit.settings, actor, workspace_id), "paid")


def _change(visit: Visit, workspace_id: str, change: Callable[[Tx, Actor], None], notice: str) -> Response:
    try:
        with visit.writing() as (tx, actor):
            change(tx, actor)
    except Refusal as refusal:
        return _page(visit, workspace_id, refusal)
    return visit.go(f"/w/{workspace_id}/billing", notice=notice)


def _page(visit: Visit, workspace_id: str, refusal: Refusal | None = None) -> Response:
    with visit.reading() as (tx, actor):
        workspace = workspaces.show(tx, actor, workspace_id)
        bill = billing.describe(tx, actor, workspace_id)
    return visit.page(
        "billing.html",
        workspace=workspace,
        tab="billing",
        refusal=refusal,
        bill=bill,
        plans=[(plan, price, quotas.PLANS[plan]) for plan, price in billing.PRICES.items()],
    )
