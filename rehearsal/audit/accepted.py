"""What need not be noticed, and why: ``accepted.toml``. An acceptance that accepts nothing any more is an error: what it excused has changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from launch.reading import BadInput, Table
from rehearsal.audit.operators import OPERATORS

FILE = Path(__file__).with_name("accepted.toml")

UNREPLAYABLE = "cannot be replayed"
"""What an acceptance names in place of an operator where a scenario hears what no recording holds."""


@dataclass(frozen=True)
class Acceptance:
    """One reason. `scenario` and `request` may be patterns; `field` is as the report says it, ``*`` for any."""

    name: str
    scenario: str
    operator: str
    request: str
    field: str
    reason: str


def load(file: Path = FILE) -> list[Acceptance]:
    """Read the file.

    Raises:
        BadInput: it is wrong.
    """
    found = []
    for name, table in Table.load(file).tables():
        found.append(
            Acceptance(
                name=name,
                scenario=table.text("scenario", "*"),
                operator=table.text("operator"),
                request=table.text("request", "*"),
                field=table.text("field", "*"),
                reason=table.text("reason"),
            )
        )
        if found[-1].operator not in {*OPERATORS, UNREPLAYABLE}:
            raise table.wrong("operator", found[-1].operator, f"one of {', '.join(OPERATORS)}, or {UNREPLAYABLE}")
        table.done()
    return found


__all__ = ["FILE", "Acceptance", "BadInput", "load"]
