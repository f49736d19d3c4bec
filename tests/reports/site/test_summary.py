"""The short form of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.site.summary import summarise
from reports.wording import lasting
from tests.reports.site.sample import Writer, ordinary, outcome
from verdicts.outcome import Status


def test_it_counts_and_names_what_failed_with_its_owner(written: Writer) -> None:
    """Counts by status, then a line for each that needs a look."""
    told = summarise(written(ordinary()))

    assert told.startswith("## ✕ 2 promises broken\n")
    assert "✕ 2 failed · ! 1 error · … 1 incomplete · ⊘ 1 blocked · ≈ 2 degraded · q 1 quarantined" in told
    assert "- `quota.last-slot-race` `api`, owner `billing`, `warning`: `expected exactly 1 of 4 creates" in told
    assert "at first: expected the reset link to open the form" in told


def test_text_from_the_target_is_one_inert_line(written: Writer) -> None:
    """No heading, link, mention, CI command or colour code comes out of an error."""
    nasty = "x`\n::error::gone\n# Title\r\n[a](javascript:1) <img src=x> @everyone \x1b[31mred\u202e"
    told = summarise(written([outcome(status=Status.FAILED, error=nasty, owner=nasty)], exit_reason=nasty))
    spans = [part for line in told.splitlines() for part in line.split("`")[1::2]]

    assert not any(line.startswith(("::", "# ")) for line in told.splitlines())
    assert "\x1b" not in told
    assert "\u202e" not in told
    assert all(line.count("`") % 2 == 0 for line in told.splitlines())
    assert told.count("<img src=x>") == sum("<img src=x>" in span for span in spans)


def test_an_empty_folder_is_summarised(tmp_path: Path) -> None:
    """There is always something to say."""
    assert "nothing on record" in summarise(tmp_path)


@pytest.mark.parametrize(
    ("seconds", "said"), [(None, "unknown"), (0.417, "0.42 s"), (8.31, "8.3 s"), (59.97, "1 min 00 s"), (192, "3 min 12 s"), (7500, "2 h 05 min")]
)
def test_a_duration_is_said_as_a_person_would(seconds: float | None, said: str) -> None:
    """Two figures where they matter, minutes and hours above."""
    assert lasting(seconds) == said
