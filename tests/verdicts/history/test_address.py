"""Where the history is, and what is said of an address that cannot be used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from launch.reading import BadInput
from verdicts.history import address
from verdicts.history.address import parse

ROOT = Path(__file__).parents[3]


def test_without_an_address_the_history_is_below_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkout that nobody configured keeps its history in a folder of its own."""
    monkeypatch.delenv(address.VARIABLE, raising=False)

    assert parse().place == ROOT / ".history" / "history.sqlite"


def test_the_environment_names_another_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """SYNTHETICS_HISTORY comes before the default, and an argument before both."""
    monkeypatch.setenv(address.VARIABLE, str(tmp_path / "a.sqlite"))

    assert parse().place == tmp_path / "a.sqlite"
    assert parse(str(tmp_path / "b.sqlite")).place == tmp_path / "b.sqlite"


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("/var/lib/x/history.sqlite", "/var/lib/x/history.sqlite"),
        ("sqlite:////var/lib/x/history.sqlite", "/var/lib/x/history.sqlite"),
        ("sqlite:///x/history.sqlite", f"{Path.cwd()}/x/history.sqlite"),
        ("x/history.sqlite", f"{Path.cwd()}/x/history.sqlite"),
        ("~/history.sqlite", f"{Path.home()}/history.sqlite"),
    ],
)
def test_a_path_or_a_url_of_sqlite_is_a_file(given: str, path: str) -> None:
    """A relative path begins where the process is, as everywhere."""
    assert parse(given).place == Path(path)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_url_of_postgresql_goes_to_psycopg(scheme: str) -> None:
    """However PostgreSQL is spelt, it is spoken to by one driver."""
    place = parse(f"{scheme}://me:secret@db.example.com:5433/history?sslmode=require").place

    assert isinstance(place, URL)
    assert place.drivername == "postgresql+psycopg"
    assert (place.username, place.password, place.host, place.port, place.database) == ("me", "secret", "db.example.com", 5433, "history")
    assert place.query == {"sslmode": "require"}


@pytest.mark.parametrize("given", ["postgresql://me:s3cret@db.example.com/history", "postgresql://me@db.example.com/history?password=s3cret"])
def test_what_is_shown_holds_no_password(given: str) -> None:
    """The place is named to people without what lets one in."""
    assert parse(given).shown == "postgresql://db.example.com/history"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("mysql://me:s3cret@db/history", "saw the scheme 'mysql'"),
        ("sqlite+aiosqlite:///history.sqlite", "saw the scheme 'sqlite+aiosqlite'"),
        ("postgresql://me:s3cret@db:port/history", "saw a postgresql URL that cannot be read"),
        ("sqlite://", "which is no file"),
        ("sqlite:///:memory:", "which is no file"),
        (":memory:", "which is no file"),
        ("", "which is no file"),
        ("~nobody-of-this-name/history.sqlite", "home directory"),
        ("/", "which is no file"),
        ("/dev", "which is no regular file"),
        ("/dev/null", "which is no regular file"),
    ],
)
def test_an_address_that_cannot_be_used_is_bad_input(given: str, said: str) -> None:
    """The message says what was seen and what is allowed, and repeats no password."""
    with pytest.raises(BadInput, match=re.escape(said)) as refusal:
        parse(given)

    assert "allowed is a path, sqlite:///PATH, or postgresql://" in str(refusal.value)
    assert "s3cret" not in str(refusal.value)
