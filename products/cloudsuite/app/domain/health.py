"""Whether the product's parts do their work."""

from __future__ import annotations

from typing import Any

from products.cloudsuite.app import clock
from products.cloudsuite.app.db import Tx

SILENCE = 5.0
"""Seconds without a heartbeat after which the worker counts as gone."""
OLDEST_MAIL = 30.0
"""Seconds that mail may wait."""


def status(tx: Tx) -> dict[str, Any]:
    """`ok` or `degraded`, over all and for each part. To answer at all, the database has to work."""
    now = clock.now()
    beat = tx.execute("SELECT at FROM heartbeats WHERE component = 'worker'").fetchone()
    waiting = tx.execute("SELECT min(created_at) FROM outbox").fetchone()[0]
    working = {
        "database": True,
        "mail": waiting is None or now - waiting <= OLDEST_MAIL,
        "provisioning": beat is not None and now - beat["at"] <= SILENCE,
    }
    return {
        "status": _word(works=all(working.values())),
        "components": {part: _word(works=works) for part, works in working.items()},
    }


def _word(*, works: bool) -> str:
    return "ok" if works else "degraded"
