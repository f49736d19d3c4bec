"""What machines ask about the product: liveness, version, the state of its parts, metrics."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from products.cloudsuite.app import VERSION, telemetry
from products.cloudsuite.app.access import ApiCall
from products.cloudsuite.app.domain import billing, health

probes = APIRouter(tags=["status"])
"""Paths at the root."""

router = APIRouter(tags=["status"])


def _revision() -> str:
    """A digest of the product's own source: the same code has the same revision."""
    package = Path(__file__).parents[1]
    whole = hashlib.sha256()
    for path in sorted(package.rglob("*.*")):
        if path.suffix in (".py", ".sql", ".html", ".txt", ".css", ".js"):
            whole.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()[:12]


REVISION = _revision()


@probes.get("/healthz")
def healthz() -> dict[str, str]:
    return {"status": "ok"}


@probes.get("/version")
def version() -> dict[str, str]:
    return {"product": "Cloud Suite", "version": VERSION, "revision": REVISION}


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
