"""The console."""

from __future__ import annotations

import io
import os
from contextlib import redirect_stderr, redirect_stdout

import pytest

from reports.channels import Later
from tests.reports.channels.made import HOSTILE, ORDINARY
from tests.reports.channels.stands import read


def test_an_alert_is_a_headline_and_a_line_for_each_fact(capsys: pytest.CaptureFixture[str]) -> None:
    """On stderr, or on stdout where that is asked for."""
    read("console", "").send(ORDINARY, {})
    read("console", 'stream = "stdout"').send(ORDINARY, {})

    out, err = capsys.readouterr()
    first, *others = err.splitlines()
    assert out == err
    assert first == f"Broken: {ORDINARY.title} (quota.limit-plus-one on staging)"
    assert "  Owner         Billing: plans, quotas, payments (billing)" in others
    assert f"  Runbook       {ORDINARY.runbook}" in others


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437", "utf-16"])
def test_every_terminal_can_show_it(encoding: str) -> None:
    """What it has no character for is spelled out."""
    raw = io.BytesIO()
    terminal = io.TextIOWrapper(raw, encoding=encoding)
    with redirect_stderr(terminal):
        read("console", "").send(HOSTILE, {})

    assert "victim" in raw.getvalue().decode(encoding)


def test_a_ci_runner_takes_no_line_for_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither `::error::` at the beginning of a line nor `##[error]` anywhere."""
    read("console", "").send(HOSTILE, {})

    err = capsys.readouterr().err
    assert [line for line in err.splitlines() if line.strip().startswith("::")] == []
    assert "##[" not in err


def test_a_broken_pipe_and_a_closed_stream_are_for_later() -> None:
    """Nobody heard it."""
    reading, writing = os.pipe()
    os.close(reading)
    broken = os.fdopen(writing, "w")
    closed = io.StringIO()
    closed.close()
    for stream in (broken, closed):
        with redirect_stdout(stream), pytest.raises(Later, match="stdout does not take it"):
            read("console", 'stream = "stdout"').send(ORDINARY, {})
    with pytest.raises(BrokenPipeError):
        broken.close()
