"""The record: what was confirmed is on the disk, and what is missing is seen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from launch.reading import BadInput
from rehearsal.tabletop.record import Event, read, writing

EVENTS = [Event(1, 10.0, "open", {"id": "x"}), Event(2, 11.5, "note", {"text": "“ja” \u2028 \x1b[31m <b>"}), Event(3, 12.0, "end")]


def kept(path: Path) -> Path:
    with writing(path, new=True) as writer:
        for event in EVENTS:
            writer.append(event)
    return path


def test_what_was_appended_is_read_back(tmp_path: Path) -> None:
    """One line for each event, whatever was typed."""
    path = kept(tmp_path / "a" / "record.jsonl")

    assert read(path) == EVENTS
    assert len(path.read_bytes().split(b"\n")) == 4


@pytest.mark.parametrize("cut", range(2, 30))
def test_a_torn_last_line_costs_only_itself_and_the_next_event_follows_it(tmp_path: Path, cut: int) -> None:
    """Wherever the writer was killed: what was confirmed is there, and goes on behind it."""
    path = kept(tmp_path / "record.jsonl")
    os.truncate(path, path.stat().st_size - cut)
    left = read(path)
    with writing(path, new=False) as writer:
        writer.append(Event(len(left) + 1, 20.0, "resume"))

    assert left == EVENTS[:2]
    assert [event.kind for event in read(path)] == ["open", "note", "resume"]


def test_a_line_that_was_taken_out_is_seen(tmp_path: Path) -> None:
    """The numbers have a gap."""
    path = kept(tmp_path / "record.jsonl")
    lines = path.read_text().split("\n")
    path.write_text("\n".join([lines[0], *lines[2:]]))

    with pytest.raises(BadInput, match="line 2: saw event 3; allowed is 2: a line was lost or changed"):
        read(path)


def test_only_one_process_writes(tmp_path: Path) -> None:
    """The second is told so, and may when the first has gone."""
    path = kept(tmp_path / "record.jsonl")
    with writing(path, new=False), pytest.raises(BadInput, match="somebody is in this session already"), writing(path, new=False):
        pass
    with writing(path, new=False) as writer:
        writer.append(Event(4, 20.0, "resume"))


def test_a_record_is_never_begun_twice_and_never_made_by_going_on(tmp_path: Path) -> None:
    """Neither overwrites nor invents."""
    path = kept(tmp_path / "record.jsonl")

    with pytest.raises(BadInput, match="saw a record; allowed is a session that was not held yet"), writing(path, new=True):
        pass
    with pytest.raises(BadInput, match="no such record"), writing(tmp_path / "other", new=False):
        pass
    assert read(path) == EVENTS


def test_a_full_disk_is_told_and_everything_before_it_is_kept() -> None:
    """The event did not happen; nothing of it is believed."""
    full = Path("/dev/full")
    if not full.exists():
        pytest.fail("this machine has no /dev/full to write to")
    with writing(full, new=False) as writer, pytest.raises(BadInput, match="cannot be written: No space left on device; what was typed last is not recorded"):
        writer.append(EVENTS[0])


@pytest.mark.parametrize("text", ["", "\n", "nonsense\n", "[]\n"])
def test_an_empty_file_is_no_session(tmp_path: Path, text: str) -> None:
    """It is told apart from one that is missing."""
    path = tmp_path / "record.jsonl"
    path.write_text(text)

    with pytest.raises(BadInput, match="saw no event"):
        read(path)
    with pytest.raises(BadInput, match="no such record"):
        read(tmp_path / "none")
