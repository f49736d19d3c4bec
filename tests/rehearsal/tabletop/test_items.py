"""Items in a file that people edit, too."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launch.reading import BadInput
from rehearsal.tabletop import items
from rehearsal.tabletop.items import Change, Closing, Knowledge
from tests.rehearsal.tabletop.table import NOON, seated

CHANGE = Change("try-c1", "try", NOON, 'Say "who" [in] it\n= \\', "data-leak", "platform", "2027-01-02", "embedded")
KNOWLEDGE = Knowledge("try-k1", "try", NOON, "Where is it?", "finance", "data-leak", "rollback")
BARE = Knowledge("try-k2", "try", NOON, "And who?")


def test_what_was_asked_and_changed_becomes_items(tmp_path: Path) -> None:
    """Numbered as said; what was struck leaves its number to nobody else."""
    with seated(tmp_path) as seat:
        seat.type("next", "ask one --who finance --question 4", "ask two", "strike 3", "ask three", "change four --owner billing --risk quota-bypassed")
        risk = seat.session.shown[0].card.risk
        one, two, three = items.of(seat.session)

        assert (one.id, one.text, one.risk) == ("try-k2", "two", risk)
        assert (two.id, two.text) == ("try-k3", "three")
        assert three == Change("try-c1", "try", NOON, "four", "quota-bypassed", "billing", "", "embedded")


@pytest.mark.parametrize(("session", "tag"), [("20261125T101141Z-a28ac0", "a28ac0"), ("launch-1", "launch-1"), ("20261125T101141Z-x", "20261125T101141Z-x")])
def test_an_items_id_begins_with_the_random_end_of_the_sessions_id_or_its_name(session: str, tag: str) -> None:
    """Short enough to be typed."""
    assert items.tag(session) == tag


def test_what_is_filed_is_read_back_and_filing_twice_is_filing_once(tmp_path: Path) -> None:
    """Killed in between or not."""
    path = tmp_path / "new" / "items.toml"
    first = items.file(path, [CHANGE, KNOWLEDGE])
    again = items.file(path, [CHANGE, KNOWLEDGE, BARE])

    assert (first, again) == ([CHANGE, KNOWLEDGE], [BARE])
    assert items.load(path) == {each.id: each for each in (CHANGE, KNOWLEDGE, BARE)}
    assert path.read_text().startswith("# What came out of tabletop sessions")


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1).filter(str.strip))
def test_any_text_survives_the_file(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Whatever was typed; half a character becomes a question mark."""
    path = tmp_path_factory.mktemp("items") / "items.toml"
    items.file(path, [replace(BARE, text=text), CHANGE])

    assert items.load(path)[BARE.id].text == text.encode("utf-8", errors="replace").decode()


def test_closing_adds_a_table_and_leaves_what_people_wrote(tmp_path: Path) -> None:
    """The file is only appended to."""
    path = tmp_path / "items.toml"
    items.file(path, [CHANGE, KNOWLEDGE])
    path.write_text(path.read_text().replace("[change.try-c1]", "# discussed on Monday\n[change.try-c1]"))
    before = path.read_text()
    items.close(path, CHANGE, Closing(NOON + 9, "lead", "r-1", "F19", "embedded", "1.0"))
    items.close(path, KNOWLEDGE, Closing(NOON + 9, "lead", written="runbooks/mail.md", words="who"))
    known = items.load(path)

    assert path.read_text().startswith(before)
    assert known["try-c1"].closed == Closing(NOON + 9, "lead", "r-1", "F19", "embedded", "1.0")
    assert known["try-k1"].closed == Closing(NOON + 9, "lead", written="runbooks/mail.md", words="who")
    with pytest.raises(BadInput, match="saw 'try-c1', which is closed already"):
        items.close(path, CHANGE, Closing(NOON, "lead"))
    with pytest.raises(BadInput, match="saw 'try-k2', which is not there"):
        items.close(path, BARE, Closing(NOON, "lead"))
    assert set(tomllib.loads(path.read_text())) == {"change", "knowledge", "closed"}


def test_another_session_of_the_same_name_does_not_hide_behind_an_item(tmp_path: Path) -> None:
    """It is told, and nothing is written."""
    path = tmp_path / "items.toml"
    items.file(path, [CHANGE])
    before = path.read_bytes()

    with pytest.raises(BadInput, match="try-c1: saw an item of the session 'try'; allowed is a session with another --id"):
        items.file(path, [KNOWLEDGE, replace(CHANGE, session="other")])
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[change.a", "not valid TOML"),
        ('[change.a]\nsession = "s"\ntext = "t"\nrisk = "r"\nowner = "o"', "change.a.since: saw nothing; allowed is a time with its zone"),
        ('[knowledge.a]\nsession = "s"\ntext = "t"\nsince = 2027-01-01\ndone = true', "knowledge.a.done: saw True; allowed is only the keys"),
        ('[closed.a]\nat = 2027-01-01\nby = "x"', "closed: saw 'a'; allowed is the id of a [change] or [knowledge]"),
        ("[items.a]", "items: saw {'a': {}}; allowed is only the keys"),
    ],
)
def test_a_file_that_is_wrong_is_one_clear_error_and_is_not_written(tmp_path: Path, text: str, said: str) -> None:
    """It names file, key, what was seen, and what is allowed."""
    path = tmp_path / "items.toml"
    path.write_text(text)

    with pytest.raises(BadInput) as bad:
        items.file(path, [CHANGE])

    assert f"{path}: {said}" in str(bad.value)
    assert path.read_text() == text
