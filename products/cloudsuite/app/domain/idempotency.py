"""The same request sent twice does its work once and is answered alike."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from products.cloudsuite.app import clock, refusals
from products.cloudsuite.app.db import Tx
from products.cloudsuite.app.identifiers import digest

MEMORY = 86_400.0
"""Seconds for which a key is remembered."""


def once(tx: Tx, scope: str, key: str | None, request: Mapping[str, object], make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The answer to the request: made now, or remembered under this key. Without a key always made.

    `scope` separates operations and callers; `request` is what must be the same the second time. A refused
    request is not remembered: its transaction is rolled back.
    """
    if not key:
        return make()
    tx.execute("DELETE FROM idempotency WHERE created_at <= ?", (clock.now() - MEMORY,))
    fingerprint = digest(json.dumps(request, sort_keys=True))
    known = tx.execute("SELECT * FROM idempotency WHERE scope = ? AND key = ?", (scope, key)).fetchone()
    if known is None:
        answer = make()
        tx.execute(
            "INSERT INTO idempotency (scope, key, fingerprint, answer, created_at) VALUES (?, ?, ?, ?, ?)",
            (scope, key, fingerprint, json.dumps(answer), clock.now()),
        )
        return answer
    if known["fingerprint"] != fingerprint:
        raise refusals.idempotency_mismatch()
    remembered: dict[str, Any] = json.loads(known["answer"])
    return remembered
