"""The background process: takes turns at every job, and rests only when none has work."""

from __future__ import annotations

import json
import os
import signal
import smtplib
import sqlite3
import threading
from collections.abc import Callable
from types import FrameType

from products.cloudsuite.app import clock
from products.cloudsuite.app.db import Database
from products.cloudsuite.app.domain import billing, mail, provisioning
from products.cloudsuite.app.settings import Settings
from products.cloudsuite.app.telemetry import log, log_to_stderr

BUSY_WAIT, IDLE_WAIT = 0.05, 0.2
"""Seconds between turns."""
HEARTBEAT = 1.0
"""Seconds between signs of life."""
SMTP_TIMEOUT = 5.0
LONGEST_BACKOFF = 60.0
MOST_ATTEMPTS = 12
"""A mail that was refused this often is given up."""
MAILS_A_TURN = 20
PRIMARY = 0xFF
"""The part of SQLite's error code that names the kind of error."""
PASSING = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
"""What passes when others are done, or when the disk has room again."""

Job = Callable[[Database, Settings], bool]
"""Does what is due, in transactions of its own; tells whether there was anything."""


def send_mail(database: Database, settings: Settings) -> bool:
    """Send what the outbox holds; what the mail server does not take is tried again later."""
    with database.reading() as tx:
        due = tx.execute("SELECT * FROM outbox WHERE next_attempt_at <= ? ORDER BY id LIMIT ?", (clock.now(), MAILS_A_TURN)).fetchall()
    for row in due:
        message = mail.worded(
            row["recipient"],
            row["letter"],
            json.loads(row["particulars"]),
            public_url=settings.public_url,
            sender=settings.mail_from,
        )
        try:
            with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=SMTP_TIMEOUT) as server:
                server.send_message(message)
        except OSError as error:  # smtplib's own errors are such, too
            log.warning("mail not sent", extra={"facts": {"letter": row["letter"], "error": str(error)}})
            _try_again_later(database, row)
            break  # one slow mail server must not keep the other jobs waiting
        _strike_off(database, row)
    return bool(due)


def _try_again_later(database: Database, row: sqlite3.Row) -> None:
    if row["attempts"] + 1 == MOST_ATTEMPTS:
        _strike_off(database, row)
        return
    backoff = min(2.0 ** row["attempts"], LONGEST_BACKOFF)
    with database.transaction() as tx:
        tx.execute(
            "UPDATE outbox SET attempts = attempts + 1, next_attempt_at = ? WHERE id = ?",
            (clock.now() + backoff, row["id"]),
        )


def _strike_off(database: Database, row: sqlite3.Row) -> None:
    with database.transaction() as tx:
        tx.execute("DELETE FROM outbox WHERE id = ?", (row["id"],))


def beat(database: Database, _settings: Settings) -> bool:
    """Show that the worker lives."""
    with database.reading() as tx:
        last = tx.execute("SELECT at FROM heartbeats WHERE component = 'worker'").fetchone()
    if last is None or clock.now() - last["at"] >= HEARTBEAT:
        with database.transaction() as tx:
            tx.execute("INSERT OR REPLACE INTO heartbeats (component, at) VALUES ('worker', ?)", (clock.now(),))
    return False


JOBS: tuple[Job, ...] = (beat, provisioning.advance, billing.advance, send_mail)


def run(settings: Settings, parent: int | None) -> None:
    """Work until told to stop, or until the parent process is gone."""
    log_to_stderr()
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    database = Database(settings.data)
    while not stopping.is_set() and parent in (None, os.getppid()):
        stopping.wait(BUSY_WAIT if _turn(database, settings) else IDLE_WAIT)


def _turn(database: Database, settings: Settings) -> bool:
    """Every job once; tells whether any had work. What a busy database or a full disk keeps from being done is done next time."""
    try:
        worked = [job(database, settings) for job in JOBS]
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & PRIMARY not in PASSING:
            raise
        log.warning("database cannot be written", extra={"facts": {"error": str(error)}})
        return False
    return any(worked)
