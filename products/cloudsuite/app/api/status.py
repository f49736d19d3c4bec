"""What machines ask about the product: liveness, version, the state of its parts, metrics."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from products.cloudsuite.app import VERSION, telemetry
from products.cloudsuite.app.access import ApiCall
from products.cloudsuite.app.domain import billing, health
from products.cloudsuite.app.release import ASSETS, REVISION

probes = APIRouter(tags=["status"])
"""Paths at the root."""

router = APIRouter(tags=["status"])


@probes.get("/healthz")
def healthz() -> dict[str, str]:
    return {"status": "ok"}


@probes.get("/version")
def version() -> dict[str, Any]:
    return {"product": "Cloud Suite", "version": VERSION, "revision": REVISION, "assets": ASSETS}


@probes.get("/metrics")
def metrics(call: ApiCall) -> Response:
    with call.database.reading() as tx:
        call.product.finished_provisionings.count(tx.execute("SELECT * FROM provisionings ORDER BY id"))
        telemetry.REVENUE.set(billing.revenue_cents(tx))
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


@router.get("/status")
def status(call: ApiCall) -> dict[str, Any]:
    with call.database.reading() as tx:
        return health.status(tx)
