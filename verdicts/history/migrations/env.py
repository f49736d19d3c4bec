"""How Alembic brings a store up to date: on the connection that it is given, inside that connection's transaction."""

from __future__ import annotations

from alembic import context

from verdicts.history.schema import META, VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], target_metadata=META, version_table=VERSION_TABLE, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
