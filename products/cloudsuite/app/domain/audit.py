"""Who did what to a project, and when."""

from __future__ import annotations

from typing import Any, Literal

from products.cloudsuite.app import clock
from products.cloudsuite.app.db import Tx
from products.cloudsuite.app.domain.sessions import Actor

By = Actor | Literal["operator", "system"]
"""Whoever acts: a member, the operator, or the product itself."""


def record(
    tx: Tx,
    project_id: str,
    by: By,
    action: str,
    before: str | None = None,
    after: str | None = None,
) -> None:
    """Write one entry: an action, and the states before and after it where it moved the project."""
    actor_id, kind = (by.id, "account") if isinstance(by, Actor) else (None, by)
    tx.execute(
        "INSERT INTO audit (project_id, at, actor_id, actor_kind, action, from_state, to_state) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (project_id, clock.now(), actor_id, kind, action, before, after),
    )


def of_project(tx: Tx, project_id: str) -> list[dict[str, Any]]:
    """The entries of a project, oldest first. An account that is gone is named so."""
    rows = tx.execute(
        """
        SELECT audit.*, CASE actor_kind WHEN 'account' THEN coalesce(accounts.email, 'deleted account')
                                        ELSE actor_kind END AS actor
        FROM audit LEFT JOIN accounts ON accounts.id = audit.actor_id
        WHERE project_id = ? ORDER BY audit.id
        """,
        (project_id,),
    )
    return [
        {
            "at": clock.text(row["at"]),
            "actor": row["actor"],
            "action": row["action"],
            "from": row["from_state"],
            "to": row["to_state"],
        }
        for row in rows
    ]
