"""A history in a PostgreSQL database, for runners in several places."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from launch.reading import BadInput
from verdicts.history import revision
from verdicts.history.schema import META, VERSION_TABLE
from verdicts.history.steps import Steps
from verdicts.history.trouble import StoreTrouble, told

MIGRATION = 0x73796E74_68657469
"""The key of the advisory lock under which one of several openers migrates; any number that nobody else takes would do."""

CONNECT = {"connect_timeout": 10, "client_encoding": "utf8", "application_name": "synthetics", "prepare_threshold": None}
"""`connect_timeout` in seconds. Nothing is prepared, so that a migration by somebody else breaks no plan, and a pooler may stand between."""

KEEPALIVE = {"keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 30000}
"""A server that vanished without a word is noticed within half a minute."""

USING, ALONE = (f"LOCK TABLE {VERSION_TABLE} IN {mode} MODE" for mode in ("ACCESS SHARE", "ACCESS EXCLUSIVE"))
"""Many use the tables at once, and one migrates them alone: a step must see what others were about to keep. Taking this lock first, nobody waits in a circle.

LOCK takes no snapshot (https://www.postgresql.org/docs/current/sql-lock.html): who waits for a migration sees what it made.
"""

IDLE = 120.0
"""Seconds after which the server ends a transaction whose process does nothing any more, so that a frozen runner does not hold up the others."""


class Server:
    """The database at `url`, called `where` in messages.

    Whoever waits for others' locks waits up to `patience` seconds; `steps` lead to the tables that are wanted.
    """

    def __init__(self, url: URL, where: str, patience: float, steps: Steps) -> None:
        self.where = where
        self.writer = engine(url, patience)
        event.listen(self.writer, "begin", lambda connection: connection.exec_driver_sql(USING))
        self.reader: Engine = self.writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._plain = engine(url, patience, poolclass=NullPool)
        self._steps = steps

    def using(self) -> AbstractContextManager[None]:
        """Nothing to do here: each transaction begins with `USING`."""
        return nullcontext()

    def make_ready(self, _artifacts: Path | None) -> None:
        """Make or migrate the tables where that is needed, in one transaction and one opener at a time.

        Raises:
            StoreTrouble: the database cannot be used.
            BadInput: it is not encoded in UTF-8, or holds tables of these names that somebody else has made.
        """
        with told(self.where), self._plain.begin() as tx:
            check(tx, self.where)
            if revision.found(tx, self.where) == self._steps.revision:
                return
        from verdicts.history import migration  # noqa: PLC0415 -- loads Alembic, and is seldom needed

        with told(self.where), self._plain.begin() as tx:
            tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION})
            if (found := revision.found(tx, self.where)) is not None:
                if found not in migration.known(self._steps.folders):
                    raise revision.newer(self.where, found, self._steps.revision)
                tx.exec_driver_sql(ALONE)
            migration.upgrade(tx, self._steps.folders)

    def mend(self, _artifacts: Path | None) -> None:
        """Nothing can be done from here: a damaged database is its server's to mend."""

    def size(self) -> int:
        """Return how many bytes the history's tables take, with their indexes."""
        measured = text("SELECT coalesce(sum(pg_total_relation_size(to_regclass(name))), 0) FROM unnest(cast(:names AS text[])) AS name")
        with told(self.where), self.reader.begin() as connection:
            return int(connection.execute(measured, {"names": sorted(META.tables)}).scalar_one())

    def shrink(self) -> None:
        """Give what is not used any more back to the disk. The tables are locked meanwhile, a second for some hundred megabytes.

        Raises:
            StoreTrouble: read-only: the tables are somebody else's, who alone may do that.
        """
        owned = text(
            "SELECT bool_and(pg_has_role(relowner, 'USAGE')) FROM pg_class WHERE oid IN (SELECT to_regclass(name) FROM unnest(cast(:names AS text[])) AS name)"
        )
        with told(self.where), self.reader.begin() as connection:
            ours = connection.execute(owned, {"names": sorted(META.tables)}).scalar_one()
        if not ours:
            raise StoreTrouble("read-only", self.where, "only the owner of its tables may make them smaller", "prune it as that user")
        with told(self.where), self._plain.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"VACUUM (FULL) {', '.join(sorted(META.tables))}"))

    def close(self) -> None:
        """Hang up."""
        self.writer.dispose()
        self._plain.dispose()


def engine(url: URL, patience: float, **pooling: Any) -> Engine:
    """Return an engine that waits up to `patience` seconds for others' locks, and whose commits are on disk when they return."""
    made = create_engine(url, pool_pre_ping=True, connect_args={**KEEPALIVE, **CONNECT}, **pooling)

    def connected(connection: Any, _: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {round(patience * 1000)}")
            cursor.execute(f"SET idle_in_transaction_session_timeout = {round((IDLE + patience) * 1000)}")
            cursor.execute("SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local')")
        connection.commit()

    event.listen(made, "connect", connected)
    return made


def check(tx: Connection, where: str) -> None:
    """Refuse a database that cannot hold every text.

    Raises:
        BadInput: it is not encoded in UTF-8.
    """
    encoding = tx.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise BadInput(f"the history {where}: saw the encoding {encoding}; allowed is UTF8: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0")
