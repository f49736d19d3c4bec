"""Reading a TOML file that people write, with one clear error: file, key, what was seen, what is allowed, what to do."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Collection, Iterator
from copy import deepcopy
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any


class BadInput(ValueError):  # noqa: N818 -- named for what it says
    """Something that a person wrote cannot be used. The message stands for itself; commands end with exit code 2."""


class Table:
    """One table of a file. Every key is taken once by a typed method; `done` refuses what nobody took."""

    def __init__(self, path: Path, where: str, raw: dict[str, Any]) -> None:
        self.path, self.where, self._raw = path, where, raw
        self._taken: set[str] = set()

    @classmethod
    def load(cls, path: Path) -> Table:
        """Read a whole file.

        Raises:
            BadInput: it is missing, or is not TOML.
        """
        try:
            return cls(path, "", deepcopy(parsed(path.read_text(encoding="utf-8"))))
        except FileNotFoundError:
            msg = f"{path}: no such file"
            raise BadInput(msg) from None
        except OSError as cause:
            msg = f"{path}: cannot be read: {cause.strerror}"
            raise BadInput(msg) from cause
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as cause:
            msg = f"{path}: not valid TOML: {cause}"
            raise BadInput(msg) from cause

    def text(self, key: str, default: str | None = None) -> str:
        """Take a string that is not empty (an empty default is allowed)."""
        value = self._take(key, default)
        if not isinstance(value, str) or (not value and default != ""):
            raise self.wrong(key, value, "a string that is not empty")
        return value

    def choice(self, key: str, allowed: Collection[str], default: str | None = None) -> str:
        """Take one of the words `allowed`."""
        value = self._take(key, default)
        if not isinstance(value, str) or value not in allowed:
            raise self.wrong(key, value, "one of " + ", ".join(allowed))
        return value

    def texts(self, key: str, default: list[str] | None = None, allowed: Collection[str] | None = None) -> tuple[str, ...]:
        """Take a list of strings, each one of `allowed` where given."""
        value = self._take(key, default)
        if not isinstance(value, list) or not all(isinstance(each, str) and (allowed is None or each in allowed) for each in value):
            raise self.wrong(key, value, "a list of strings" + (f" out of {', '.join(allowed)}" if allowed else ""))
        return tuple(value)

    def number(self, key: str, default: float | None = None, *, least: float = 0.0) -> float:
        """Take a number of at least `least`."""
        value = self._take(key, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value < math.inf:
            raise self.wrong(key, value, f"a number, {least:g} or more")
        return float(value)

    def moment(self, key: str) -> float | None:
        """Take a date, or a date with time and zone, as seconds since the epoch; None where it is absent. A date alone is its midnight in UTC."""
        value = self._take(key, None)
        if value is None:
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            value = datetime(value.year, value.month, value.day, tzinfo=UTC)
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise self.wrong(key, value, "a date such as 2027-03-01, or a time with its zone such as 2027-03-01T12:00:00Z")
        return value.timestamp()

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Take true or false."""
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, value, "true or false")
        return value

    def table(self, key: str) -> Table:
        """Take a table; an absent one is empty."""
        value = self._take(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, value, "a table")
        return Table(self.path, self._at(key), value)

    def raw(self, key: str, default: Any = None) -> Any:
        """Take a value as it is."""
        return self._take(key, default)

    def everything(self) -> dict[str, Any]:
        """Take every key, whatever its value."""
        return {key: self.raw(key) for key in self._raw}

    def tables(self) -> Iterator[tuple[str, Table]]:
        """Take every key as a table, in the file's order."""
        for key in self._raw:
            yield key, self.table(key)

    def done(self, *, private: bool = False) -> None:
        """Refuse the keys that nobody took. Where the table is `private`, a value is not shown: it may be a secret under a misspelt key."""
        for key in self._raw:
            if key not in self._taken:
                allowed = f"only the keys {', '.join(sorted(self._taken))}; remove it, or mend its spelling"
                raise BadInput(f"{self.at(key)}: saw a key that nobody reads; allowed are {allowed}") if private else self.wrong(key, self._raw[key], allowed)

    def wrong(self, key: str, seen: object, allowed: str) -> BadInput:
        """Build the error for a key."""
        shown = "nothing" if seen is None else repr(seen)
        return BadInput(f"{self.at(key)}: saw {shown}; allowed is {allowed}")

    def at(self, key: str) -> str:
        """Say where a key stands: file and key."""
        return f"{self.path}: {self._at(key)}"

    def __contains__(self, key: str) -> bool:
        """Tell whether the key is written there."""
        return key in self._raw

    def _at(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def _take(self, key: str, default: Any) -> Any:
        self._taken.add(key)
        return self._raw.get(key, default)


@lru_cache(maxsize=32)
def parsed(text: str) -> dict[str, Any]:
    """Parse TOML, the same text once: a command reads the launch package several times, and drills have copies of one."""
    return tomllib.loads(text)
