"""The way in: the landing page, the first workspace, the state of the service."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from products.cloudsuite.app.access import PageVisit
from products.cloudsuite.app.domain import health, quotas, workspaces

router = APIRouter()


@router.get("/")
def landing(visit: PageVisit) -> Response:
    return visit.page("landing.html", plans=quotas.PLANS)


@router.get("/w")
def first_workspace(visit: PageVisit) -> Response:
    with visit.reading() as (tx, actor):
        mine = workspaces.of_account(tx, actor.id)
    notice = visit.request.query_params.get("notice")
    return visit.go(f"/w/{mine[0]['id']}" if mine else "/workspaces/new", notice=notice)


@router.get("/status")
def status(visit: PageVisit) -> Response:
    with visit.database.reading() as tx:
        found = health.status(tx)
    return visit.page("status.html", found=found)
