"""Where the history is: a path, or a URL of SQLite or PostgreSQL."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from launch.reading import BadInput

VARIABLE = "SYNTHETICS_HISTORY"
DEFAULT = Path(__file__).parents[2] / ".history" / "history.sqlite"
ALLOWED = "a path, sqlite:///PATH, or postgresql://USER@HOST/DATABASE"
POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")


@dataclass(frozen=True)
class Address:
    """A path for SQLite, a URL for PostgreSQL. `shown` names the place to people, and holds no secret."""

    place: Path | URL
    shown: str


def parse(given: str | None = None) -> Address:
    """Read an address; without one, that of the environment, or else the file below the checkout.

    Raises:
        BadInput: it names no store that could be used. What was given is not repeated where it may hold a password.
    """
    source = "the address of the history"
    if given is None and (told := os.environ.get(VARIABLE)):
        given, source = told, VARIABLE
    if given is None:
        return _of_file(DEFAULT, source)
    if "://" not in given:
        return _of_file(Path(given), source)
    scheme, _, rest = given.partition("://")
    if scheme == "sqlite":
        return _of_file(Path(rest.removeprefix("/")), source)
    if scheme not in POSTGRESQL:
        raise BadInput(f"{source}: saw the scheme {scheme!r}; allowed is {ALLOWED}")
    try:
        url = make_url(given).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):
        raise BadInput(
            f"{source}: saw a {scheme} URL that cannot be read; allowed is {ALLOWED}, with special characters of a password percent-encoded"
        ) from None
    host = url.host or url.query.get("host") or "localhost"
    return Address(place=url, shown=f"postgresql://{host}{f':{url.port}' if url.port else ''}/{url.database or ''}")


def _of_file(path: Path, source: str) -> Address:
    """Return the address of a file, made absolute and without links, so that it stays the same wherever the process goes."""
    if not path.name or re.fullmatch(r":\w*:?", path.name):
        raise BadInput(f"{source}: saw {str(path)!r}, which is no file; allowed is {ALLOWED}: what was seen must outlive the process")
    try:
        path = path.expanduser().resolve()
    except RuntimeError as cause:
        raise BadInput(f"{source}: saw {str(path)!r}: {cause}; allowed is {ALLOWED}") from None
    if not regular(path):
        raise BadInput(f"{source}: saw {str(path)!r}, which is no regular file; allowed is {ALLOWED}")
    return Address(place=path, shown=str(path))


def regular(path: Path) -> bool:
    """Tell whether a path is a regular file, or one could be made there. Asked once: another process may be setting a damaged file aside."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:  # what the system has against it is told when it is opened
        return True
