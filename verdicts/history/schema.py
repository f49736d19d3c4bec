"""The tables of the history. Times are seconds since the epoch (UTC), as floating-point numbers; lists and mappings are JSON text.

What is read by people stands in columns; what only the house reads back stands in JSON. `migrations/` brings an older store here, step by step.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Double, ForeignKey, Index, Integer, MetaData, PrimaryKeyConstraint, Table, Text, text

REVISION = "0001"
"""Which step of `migrations/` these tables are; a store of another one is migrated, or refused."""

VERSION_TABLE = "history_revision"
"""Where a store says which revision it is. The name is our own, so that a database can be shared with others who use Alembic."""

META = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s", "fk": "fk_%(table_name)s_%(column_0_N_name)s"},
)

RUNS = Table(
    "runs",
    META,
    Column("id", Text, primary_key=True),
    Column("target", Text, nullable=False),
    Column("location", Text, nullable=False),
    Column("state", Text, nullable=False),  # running, ended, incomplete
    Column("whole", Boolean, nullable=False),  # every scenario of the target was meant, not a selection
    Column("started", Double, nullable=False),
    Column("ended", Double),
    Column("deadline", Double, nullable=False),  # when a running one is given up
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("cadence", Double, nullable=False),
    Column("product", Text),
    Column("version", Text),
    Column("revision", Text),
    Column("exit", Integer),
    Column("reason", Text),
    Column("unreachable", Boolean, nullable=False, server_default=text("false")),  # the preflight found nobody, or somebody else
    Column("manifest", Text, nullable=False, server_default="[]"),  # [[scenario, surface], ...] that it was to try
    Column("left_behind", Integer, nullable=False, server_default="0"),
    Column("drill", Boolean, nullable=False, server_default=text("false")),
    Column("folder", Text),
    Column("judged", Double),
    Index(None, "target", "started"),
)

OUTCOMES = Table(
    "outcomes",
    META,
    Column("run", Text, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("scenario", Text, nullable=False),
    Column("surface", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("line", Integer, nullable=False),  # which one of the run's journal it is, from 1: a later line of the same attempt outweighs an earlier one
    Column("target", Text, nullable=False),
    Column("location", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("journey", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("failure", Text, nullable=False),
    Column("risk", Text, nullable=False),
    Column("runbook", Text, nullable=False),
    Column("started", Double, nullable=False),
    Column("seconds", Double, nullable=False),
    Column("nodeid", Text, nullable=False),
    Column("error", Text),
    Column("blame", Text),
    Column("place", Text),  # `where` of the outcome
    Column("trace_id", Text, nullable=False, server_default=text("''")),
    Column("states", Text, nullable=False, server_default="[]"),
    Column("slow", Text, nullable=False, server_default="[]"),
    Column("evidence", Text, nullable=False, server_default="{}"),
    Column("left_behind", Text, nullable=False, server_default="[]"),
    PrimaryKeyConstraint("run", "scenario", "surface", "attempt"),
    Index(None, "target", "scenario", "started"),
)

ALERTS = Table(
    "alerts",
    META,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("key", Text, nullable=False),
    Column("number", Integer, nullable=False),  # which opening of this key it is, from 1
    Column("target", Text, nullable=False),
    Column("scenario", Text, nullable=False),
    Column("failure", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("risk", Text, nullable=False, server_default=text("''")),
    Column("runbook", Text, nullable=False, server_default=text("''")),
    Column("state", Text, nullable=False),  # open, closed
    Column("opened", Double, nullable=False),
    Column("since", Double, nullable=False),  # first seen broken
    Column("seen", Double, nullable=False),  # last seen broken
    Column("closed", Double),
    Column("opened_by", Text, nullable=False),  # run
    Column("closed_by", Text),
    Column("why", Text, nullable=False),
    Column("closed_why", Text),
    Column("runs", Integer, nullable=False),  # how many saw it broken
    Column("surfaces", Text, nullable=False, server_default="[]"),
    Column("locations", Text, nullable=False, server_default="[]"),
    Column("error", Text, nullable=False, server_default=text("''")),
    Column("states", Text, nullable=False, server_default="[]"),
    Column("trace_id", Text, nullable=False, server_default=text("''")),
    Column("evidence", Text, nullable=False, server_default=text("''")),
    Column("acknowledged", Double),
    Column("acknowledged_by", Text),
    Column("level", Integer, nullable=False, server_default="0"),  # of escalation
    Column("flapping", Boolean, nullable=False, server_default=text("false")),
    Column("route", Text, nullable=False, server_default="[]"),  # [{"channel": ..., "settings": {...}}, ...]: who was told, and is told of the end
    Column("drill", Boolean, nullable=False, server_default=text("false")),
    Index("ix_alerts_one_open", "key", unique=True, sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
    Index(None, "target", "state"),
    sqlite_autoincrement=True,
)

OUTBOX = Table(
    "outbox",
    META,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("alert", Integer, ForeignKey("alerts.id", ondelete="CASCADE")),
    Column("incident", Text, nullable=False),  # order is kept, and threads are found, by incident and channel
    Column("key", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("settings", Text, nullable=False),  # the channel's table as it was when the alert opened; names of secrets, never secrets
    Column("kind", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("created", Double, nullable=False),
    Column("due", Double, nullable=False),
    Column("expires", Double, nullable=False),
    Column("state", Text, nullable=False),  # pending, sent, dead, superseded
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("ambiguous", Boolean, nullable=False, server_default=text("false")),  # the receiver may have it
    Column("said", Text, nullable=False, server_default=text("''")),  # the receipt, or the latest trouble
    Column("thread", Text, nullable=False, server_default="{}"),
    Column("settled", Double),
    Index(None, "state", "due"),
    Index(None, "incident", "channel"),
    sqlite_autoincrement=True,
)

SILENCES = Table(
    "silences",
    META,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),  # silence, maintenance
    Column("target", Text, nullable=False),  # patterns as of a shell: * and ?
    Column("scenario", Text, nullable=False),
    Column("owner", Text, nullable=False),  # who answers for it
    Column("reason", Text, nullable=False),
    Column("created", Double, nullable=False),
    Column("starts", Double, nullable=False),
    Column("ends", Double, nullable=False),
    sqlite_autoincrement=True,
)

QUARANTINES = Table(
    "quarantines",
    META,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("target", Text, nullable=False),  # pattern
    Column("scenario", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("issue", Text, nullable=False),
    Column("created", Double, nullable=False),
    Column("expires", Double, nullable=False),
    Column("clean_runs", Integer, nullable=False),  # after so many in a row it leaves
    Column("ended", Double),
    Column("ended_why", Text),
    sqlite_autoincrement=True,
)

LEDGER = Table(
    "ledger",
    META,
    Column("run", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("product_id", Text),
    Column("state", Text, nullable=False),  # intended, made, gone
    Column("at", Double, nullable=False),
    Column("nodeid", Text, nullable=False),
    PrimaryKeyConstraint("run", "key"),
)

PROOFS = Table(
    "proofs",
    META,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("risk", Text, nullable=False),
    Column("fault", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("build", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("hashes", Text, nullable=False),  # {what: content hash}
    Column("rehearsal", Text, nullable=False),
    Index(None, "risk", "target", "at"),
    sqlite_autoincrement=True,
)

PAGES = Table(
    "pages",
    META,
    Column("code", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("sent", Double, nullable=False),
    Column("received", Double),
    Column("received_by", Text),
)

LEASES = Table(
    "leases",
    META,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("fence", Integer, nullable=False),  # grows with every holder
    Column("expires", Double, nullable=False),
)

NOTES = Table(
    "notes",
    META,
    Column("name", Text, primary_key=True),  # facts with one value, such as when the heartbeat was last sent
    Column("value", Text, nullable=False),
    Column("at", Double, nullable=False),
)
