"""What a region holds for a project: made when provisioning begins, released when the project has no use for it."""

from __future__ import annotations

from products.cloudsuite.app import clock
from products.cloudsuite.app.db import Tx


def allocate(tx: Tx, project_id: str, region: str) -> None:
    """Take what the project needs in its region."""
    tx.execute("INSERT INTO resources (project_id, region, made_at) VALUES (?, ?, ?)", (project_id, region, clock.now()))


def release(tx: Tx, project_id: str) -> None:
    """Give back whatever is held for the project."""
    tx.execute("DELETE FROM resources WHERE project_id = ?", (project_id,))


def held(tx: Tx, workspace_id: str) -> int:
    """How many projects of the workspace hold resources."""
    query = "SELECT count(*) FROM resources JOIN projects ON projects.id = project_id WHERE workspace_id = ?"
    return int(tx.execute(query, (workspace_id,)).fetchone()[0])
