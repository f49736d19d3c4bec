"""Bringing an older store to today's tables, one step of `migrations/versions/` after the other.

Alembic does it. Loading it costs a tenth of a second, so this module is loaded only when there is something to do.
"""

from __future__ import annotations

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

FOLDER = Path(__file__).parent / "migrations"

ALONE = threading.RLock()
"""Alembic hands the migration under way to its steps through module globals: one at a time in a process."""


def config(steps: tuple[Path, ...]) -> Config:
    """Return Alembic's settings. `steps` are the folders in which steps are found."""
    settings = Config()
    settings.set_main_option("script_location", escaped(FOLDER))
    settings.set_main_option("path_separator", "newline")
    settings.set_main_option("version_locations", "\n".join(map(escaped, steps)))
    return settings


def escaped(path: Path) -> str:
    """Write a path as Alembic's settings want it, which fill in what stands behind a percent sign."""
    return str(path).replace("%", "%%")


def known(steps: tuple[Path, ...]) -> set[str]:
    """Return every revision that these steps can start from or lead to."""
    with ALONE:
        return {each.revision for each in ScriptDirectory.from_config(config(steps)).walk_revisions()}


def upgrade(connection: Connection, steps: tuple[Path, ...]) -> None:
    """Take every step that is missing, inside the transaction of `connection`."""
    settings = config(steps)
    settings.attributes["connection"] = connection
    with ALONE:
        command.upgrade(settings, "head")
