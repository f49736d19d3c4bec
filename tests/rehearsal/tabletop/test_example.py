"""The worked example in the repository is what the command makes of its script."""

from __future__ import annotations

from pathlib import Path

from launch import package
from rehearsal.tabletop import items, markdown, report
from rehearsal.tabletop.record import read
from rehearsal.tabletop.session import told

EXAMPLE = package.FOLDER / "tabletop" / "example"


def test_the_report_is_what_its_record_tells() -> None:
    """Rendered anew, it is the same to the letter. `synthetics tabletop report example --in launch/tabletop` writes it."""
    session = told(read(EXAMPLE / "record.jsonl"))

    assert markdown.render(report.build(session, items.load(EXAMPLE / "items.toml"))) == (EXAMPLE / "report.md").read_text()


def test_its_items_are_those_of_the_session() -> None:
    """Each as it was said; a change names an owner and a risk."""
    session = told(read(EXAMPLE / "record.jsonl"))
    filed = items.load(EXAMPLE / "items.toml")

    assert filed == {each.id: each for each in items.of(session)}
    assert session.ended is not None
    assert all(each.fits for each in session.shown)


def test_the_teams_own_items_are_a_file_that_can_be_read() -> None:
    """Where there is one: the example's are not among them."""
    assert not any(name.startswith("example-") for name in items.load(Path(package.FOLDER / items.FILE)))
