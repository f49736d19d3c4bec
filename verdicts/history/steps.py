"""The way of a store to today's tables: where its steps stand, and which revision is the last."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from verdicts.history.schema import REVISION


@dataclass(frozen=True)
class Steps:
    """`revision` is where the steps in `folders` lead."""

    revision: str
    folders: tuple[Path, ...]


OURS = Steps(REVISION, (Path(__file__).parent / "migrations" / "versions",))
