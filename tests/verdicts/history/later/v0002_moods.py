"""A step that nobody takes outside of these tests: runs get a mood, and their table is made anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Bring an older store here."""
    op.execute("UPDATE runs SET reason = 'none given' WHERE reason IS NULL")
    with op.batch_alter_table("runs") as runs:
        runs.add_column(sa.Column("mood", sa.Text(), nullable=False, server_default="fine"))
        runs.alter_column("reason", existing_type=sa.Text(), nullable=False)
