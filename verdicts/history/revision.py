"""Which revision a store says it is."""

from __future__ import annotations

from sqlalchemy import Column, Connection, MetaData, Table, Text, inspect, select

from launch.reading import BadInput
from verdicts.history.schema import META, VERSION_TABLE
from verdicts.history.trouble import StoreTrouble

ALEMBICS = Table(VERSION_TABLE, MetaData(), Column("version_num", Text))
"""The table that Alembic keeps, as far as it is read here."""


def found(connection: Connection, where: str) -> str | None:
    """Return the revision of a store, None where there is no history yet.

    Raises:
        BadInput: it holds tables of these names that somebody else has made.
    """
    tables = set(inspect(connection).get_table_names())
    told = connection.execute(select(ALEMBICS)).scalar_one_or_none() if VERSION_TABLE in tables else None
    if told is None and (taken := sorted(tables & set(META.tables))):
        raise BadInput(f"the history {where}: saw the tables {', '.join(taken)} without a revision; allowed is an empty place, or one that this suite made")
    return told


def newer(where: str, revision: str, known: str) -> StoreTrouble:
    """Return the refusal of a store that a later suite has migrated."""
    return StoreTrouble("newer", where, f"it is of revision {revision}, and this suite knows up to {known}")
