"""A run that nobody made: it goes the whole way, and leaves nothing but what is compiled."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cli import tryout
from reports.channels.folder import Folder
from reports.message import Kind
from verdicts.history.file import COMPILED


def test_it_goes_the_whole_way_and_a_second_time_nothing_is_left_to_compile(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An alert opens, is told and closes, into a folder that ends with it; whoever is told otherwise hears nothing."""
    told: list[tuple[Kind, bool]] = []
    send = Folder.send
    monkeypatch.setattr(
        Folder, "send", lambda folder, message, thread: (told.append((message.kind, "tryout-" in str(folder.path))), send(folder, message, thread))[1]
    )
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    before = dict(os.environ)

    tryout.go()
    known = len(COMPILED)
    tryout.go()

    assert len(COMPILED) == known
    assert told == [(Kind.TRIGGER, True), (Kind.RESOLVE, True)] * 2
    assert dict(os.environ) == before
    assert list(tmp_path.iterdir()) == []
