"""The folder."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from flows.waiting import Budget, eventually
from reports.channels import Channel, Later
from reports.message import Kind, from_json
from tests.reports.channels.made import HOSTILE, ORDINARY
from tests.reports.channels.stands import read

ROOT = Path(__file__).parents[3]
WRITER = """
import sys
from dataclasses import replace
from pathlib import Path
from reports.channels.folder import Folder
from tests.reports.channels.made import HUGE
while True:
    Folder(Path(sys.argv[1])).send(HUGE, {})
"""


def folder(place: Path) -> Channel:
    """Return the channel to a folder."""
    return read("folder", f'path = "{place}"')


def test_a_file_holds_the_message_as_it_was_and_as_it_is_shown(tmp_path: Path) -> None:
    """A program reads it back whole; nothing in the file itself is live."""
    receipt = folder(tmp_path / "inbox").send(HOSTILE, {})

    [file] = (tmp_path / "inbox").glob("*.json")
    said = json.loads(file.read_text(encoding="ascii"))
    assert receipt.status == f"written to {file.name}"
    assert from_json(json.dumps(said["message"])) == HOSTILE
    assert said["headline"].isprintable()
    assert {each["label"] for each in said["facts"]} >= {"Promise", "Why", "Runbook"}


def test_files_are_added_in_their_order_and_never_changed(tmp_path: Path) -> None:
    """One for each message, the same one twice included."""
    inbox = folder(tmp_path)
    seen: dict[Path, bytes] = {}
    for kind in (Kind.TRIGGER, Kind.UPDATE, Kind.RESOLVE):
        inbox.send(replace(ORDINARY, kind=kind), {})
        assert all(file.read_bytes() == content for file, content in seen.items())
        seen = {file: file.read_bytes() for file in tmp_path.glob("*.json")}
    inbox.send(ORDINARY, {})

    kinds = [json.loads(file.read_text())["message"]["kind"] for file in sorted(tmp_path.glob("*.json"))]
    assert kinds == ["trigger", "update", "resolve", "trigger"]


def test_a_writer_that_is_killed_leaves_only_whole_files(tmp_path: Path) -> None:
    """Whatever has its name can be read."""
    with subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], cwd=ROOT) as writer:
        eventually(lambda: list(tmp_path.glob("*.json")), reaches=True, within=Budget("a test", 60, 60), of="the inbox", state=lambda files: len(files) > 2)
        writer.kill()

    assert [json.loads(file.read_text())["message"]["kind"] for file in tmp_path.glob("*.json")]


def test_a_folder_that_cannot_be_written_is_for_later(tmp_path: Path) -> None:
    """It is a file, or lies below one."""
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "inbox", Path("/proc/inbox")):
        with pytest.raises(Later, match="cannot be written"):
            folder(place).send(ORDINARY, {})


def test_a_full_disk_is_for_later_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    """As seen through a limit on the size of files."""
    limited = f"import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n{WRITER}"
    done = subprocess.run([sys.executable, "-c", limited, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)

    assert "Later" in done.stderr
    assert "cannot be written: File too large" in done.stderr
    assert list(tmp_path.iterdir()) == []
