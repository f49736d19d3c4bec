"""What a plan allows, what is used of it, and the one check between the two."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from products.cloudsuite.app import clock, refusals, telemetry
from products.cloudsuite.app.db import Tx
from products.cloudsuite.app.transitions import OCCUPYING


class Dimension(StrEnum):
    """What is limited. Storage counts bytes."""

    PROJECTS = "projects"
    SEATS = "seats"
    STORAGE = "storage"


FIELDS = {"projects": Dimension.PROJECTS, "seats": Dimension.SEATS, "storage_bytes": Dimension.STORAGE}
"""The dimensions as the API names them."""

UNLIMITED = -1
"""As an operator's override: no limit at all."""

PLANS: dict[str, dict[Dimension, int]] = {
    "free": {Dimension.PROJECTS: 2, Dimension.SEATS: 3, Dimension.STORAGE: 262_144},
    "team": {Dimension.PROJECTS: 10, Dimension.SEATS: 10, Dimension.STORAGE: 10_485_760},
    "business": {Dimension.PROJECTS: 50, Dimension.SEATS: 50, Dimension.STORAGE: 104_857_600},
}

USED = {
    Dimension.PROJECTS: f"""
        SELECT count(*) FROM projects WHERE workspace_id = :workspace
        AND state IN {tuple(state.value for state in OCCUPYING)}
    """,  # noqa: S608 -- our own words
    Dimension.SEATS: """
        SELECT (SELECT count(*) FROM members WHERE workspace_id = :workspace)
             + (SELECT count(*) FROM invitations
                WHERE workspace_id = :workspace AND state = 'pending' AND expires_at > :now)
    """,
    Dimension.STORAGE: """
        SELECT coalesce(sum(documents.bytes), 0) FROM documents JOIN projects ON projects.id = project_id
        WHERE workspace_id = :workspace AND projects.state <> 'purged'
    """,
}

REMEDIES = {
    Dimension.PROJECTS: "Upgrade the plan, or delete a project.",
    Dimension.SEATS: "Upgrade the plan, or remove a member or an invitation.",
    Dimension.STORAGE: "Upgrade the plan, or delete documents.",
}


def limit(tx: Tx, workspace_id: str, dimension: Dimension) -> int | None:
    """The operator's override, else the plan's limit; None is unlimited."""
    row = tx.execute("SELECT * FROM workspaces WHERE id = ?", (workspace_id,)).fetchone()
    override: int | None = row[f"limit_{dimension}"]
    if override == UNLIMITED:
        return None
    return PLANS[row["plan"]][dimension] if override is None else override


def used(tx: Tx, workspace_id: str, dimension: Dimension) -> int:
    """How much is taken at this moment."""
    values = {"workspace": workspace_id, "now": clock.now()}
    return int(tx.execute(USED[dimension], values).fetchone()[0])


def require_room(tx: Tx, workspace_id: str, dimension: Dimension, adding: int) -> None:
    """Refuse to go over the limit. Call it in the transaction that adds, before it adds."""
    most, taken = limit(tx, workspace_id, dimension), used(tx, workspace_id, dimension)
    if most is not None and taken + adding > most:
        telemetry.QUOTA_REFUSALS.labels(dimension=dimension.value).inc()
        raise refusals.quota_exceeded(dimension, most, taken, REMEDIES[dimension])


def usage(tx: Tx, workspace_id: str) -> dict[str, Any]:
    """Plan, and limit and use of everything that is limited; limit None is unlimited."""
    plan = tx.execute("SELECT plan FROM workspaces WHERE id = ?", (workspace_id,)).fetchone()["plan"]
    return {"plan": plan} | {
        field: {"limit": limit(tx, workspace_id, dimension), "used": used(tx, workspace_id, dimension)} for field, dimension in FIELDS.items()
    }


def overrides(tx: Tx, workspace_id: str) -> dict[str, int | None]:
    """What the operator set: None is nothing, -1 unlimited."""
    row = tx.execute("SELECT * FROM workspaces WHERE id = ?", (workspace_id,)).fetchone()
    return {field: row[f"limit_{dimension}"] for field, dimension in FIELDS.items()}


def override(tx: Tx, workspace_id: str, limits: dict[str, int | None]) -> None:
    """Replace all that the operator set."""
    tx.execute(
        "UPDATE workspaces SET limit_projects = :projects, limit_seats = :seats, limit_storage = :storage_bytes WHERE id = :id",
        limits | {"id": workspace_id},
    )
