"""The inbox shows what an owner was told, by alert, and nothing that a target said does anything in it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from reports.message import Kind, Message
from reports.site import inbox

BROKEN = Message(
    kind=Kind.TRIGGER,
    key="k",
    incident="k-1",
    title="Mail arrives.",
    target="prod",
    scenario="signup.mail",
    failure="availability",
    severity="critical",
    owner="identity",
    at=1000.0,
    since=990.0,
    runs=1,
    why="confirmed",
    runbook="launch/runbooks/mail.md",
    evidence="https://ci.example.com/runs/7",
)
KEPT = replace(BROKEN, kind=Kind.RESOLVE, at=2000.0, ended=2000.0, why="two clean runs")
OTHER = replace(BROKEN, key="o", incident="o-1", title="A plan is full.", owner="billing", at=1500.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an empty inbox, beside a checkout with a runbook."""
    (tmp_path / "launch" / "runbooks").mkdir(parents=True)
    (tmp_path / "launch" / "runbooks" / "mail.md").touch()
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def put(folder: Path, *said: Message) -> str:
    """Put messages into the inbox, and return its page."""
    for number, each in enumerate(said):
        (folder / f"{number}.json").write_text(f'{{"message": {each.to_json()}}}', encoding="utf-8")
    return inbox.write(folder, folder.parent).read_text(encoding="utf-8")


def test_what_is_broken_stands_before_what_is_kept_again(folder: Path) -> None:
    """An alert's messages stand together; one that is open comes first, however old it is."""
    page = put(folder, BROKEN, OTHER, KEPT)

    assert re.findall(r'data-incident="(.*?)" data-state="(.*?)"', page) == [("o-1", "broken"), ("k-1", "kept again")]
    assert "One promise is broken" in page


def test_links_lead_where_they_can_be_opened(folder: Path) -> None:
    """A file of the checkout is linked by its relative path, a web address as it is, and what is neither stays text."""
    page = put(folder, BROKEN, replace(OTHER, runbook="launch/runbooks/none.md", evidence="javascript:alert(1)"))

    assert set(re.findall(r'href="(.*?)"', page)) == {"../launch/runbooks/mail.md", "https://ci.example.com/runs/7"}
    assert "<code>launch/runbooks/none.md</code>" in page


def test_text_of_the_target_is_inert(folder: Path) -> None:
    """Markup, and characters that reorder text, do nothing."""
    page = put(folder, replace(BROKEN, error="<script>alert(1)</script>\u202e", states=('"><img src=x>',)))

    assert "<script" not in page
    assert "<img" not in page
    assert "\u202e" not in page


def test_an_empty_inbox_says_so(folder: Path) -> None:
    """No alert is not the same as no monitor."""
    assert "Nothing has arrived" in put(folder)


def test_files_that_are_no_messages_are_passed_over(folder: Path) -> None:
    """A half-written file, or somebody else's, does not keep the page from being written."""
    (folder / "half.json").write_text('{"kind": "trig')
    (folder / "other.json").write_text("[]")

    assert "Mail arrives." in put(folder, BROKEN)
