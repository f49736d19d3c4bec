"""A damaged or half-written run still has its report, and is never green for what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reports.site import build
from reports.site.exhibits import Exhibition
from reports.site.record import load
from reports.site.standing import standing
from tests.reports.site.sample import Writer, head, ordinary, outcome
from verdicts.outcome import Outcome, Status

LOST = {"scenario": "quota.lost", "surface": "api", "nodeid": "x"}


@pytest.mark.parametrize(
    ("code", "statuses", "tone", "headline"),
    [
        (0, [Status.PASSED], "passed", "Every promise kept"),
        (0, [Status.PASSED, Status.NOT_APPLICABLE], "passed", "Every promise kept"),
        (0, [Status.PASSED, Status.DEGRADED], "degraded", "Every promise kept, 1 of them late or only at the second attempt"),
        (0, [Status.PASSED, Status.BLOCKED], "error", "Not every promise is proven"),
        (0, [Status.NOT_APPLICABLE], "error", "Not every promise is proven"),
        (0, [Status.QUARANTINED], "error", "Not every promise is proven"),
        (0, [], "error", "Not every promise is proven"),
        (0, [Status.FAILED], "failed", "1 promise broken, though the run exited 0"),
        (1, [Status.FAILED, Status.FAILED, Status.PASSED], "failed", "2 promises broken"),
        (1, [Status.PASSED], "error", "The run says that promises are broken, its record does not say which"),
        (2, [], "error", "The run could not be made as it was asked for"),
        (7, [Status.PASSED], "error", "No verdict: the run ended with exit code 7"),
        (3, [Status.ERROR], "error", "The monitor cannot tell"),
        (3, [Status.FAILED], "error", "The monitor cannot tell"),
        (None, [Status.PASSED], "incomplete", "The run did not say how it ended"),
        (None, [Status.FAILED], "failed", "1 promise broken, and the run did not say how it ended"),
    ],
)
def test_the_verdict_is_what_the_exit_code_and_the_record_both_support(
    written: Writer, code: int | None, statuses: list[Status], tone: str, headline: str
) -> None:
    """An exit code of 0 is green only where the record proves it."""
    stands = standing(load(written([outcome(scenario=f"quota.case-{n}", status=each) for n, each in enumerate(statuses)], exit=code)))

    assert (stands.tone, stands.headline) == (tone, headline)


def test_what_was_expected_and_never_reported_is_loud(written: Writer) -> None:
    """An absent scenario is named, and takes the green away."""
    folder = written([outcome()], exit=0, expected=[LOST, *head([outcome()])["expected"]])
    page = build(folder).read_text(encoding="utf-8")

    assert "1 expected scenario never reported" in page
    assert "quota.lost" in page
    assert standing(load(folder)).tone == "error"


@pytest.mark.parametrize(
    "run",
    [
        {},
        [],
        "text",
        {"started": "yesterday", "ended": 7, "exit": "1", "executed": [], "expected": "all", "left_behind": {"a": 1}, "surfaces": {"api": 1}},
        {"started": "2026-03-02T09:30:00", "ended": "2026-03-02T09:31:00Z", "expected": [None, 3, {}, {"scenario": None}], "exit": True},
    ],
)
def test_a_head_that_lacks_things_is_shown_as_unknown(written: Writer, run: Any) -> None:
    """What run.json does not say is unknown, and nothing is made up for it."""
    page = build(written([outcome()], run or {"": ""})).read_text(encoding="utf-8")

    assert "The run did not say how it ended" in page
    assert "unknown" in page


def test_a_reason_of_many_lines_is_shown_whole(written: Writer) -> None:
    """A run that could not start says why, with what the runner said."""
    page = build(written([], exit=3, exit_reason="the product ended before it was ready:\n  SyntaxError: unmatched")).read_text(encoding="utf-8")

    assert "the product ended before it was ready:</p>" in page
    assert "  SyntaxError: unmatched</pre>" in page


def test_an_empty_folder_has_a_report(tmp_path: Path) -> None:
    """A run that died at its start is told as what it is."""
    page = build(tmp_path).read_text(encoding="utf-8")

    assert "Nothing was tried: there is not one outcome on record." in page


def test_damaged_lines_are_counted_and_the_rest_is_told(written: Writer) -> None:
    """Neither a torn end, nor noise, nor a value of the wrong type takes the report away."""
    folder = written(ordinary(), exit=0)
    lines = folder / "outcomes.jsonl"
    odd = [outcome().to_json().replace('"seconds":4.2', f'"seconds":{value}') for value in ("null", "NaN", '"4"')]
    noise = [b"\xff\xfe not json", b"[1]", b"[" * 100_000, b'{"status":"passed"}', outcome().to_json().replace('"passed"', '"great"', 1).encode()]
    lines.write_bytes(lines.read_bytes() + b"\n".join((*noise, *(each.encode() for each in odd), b'{"run":"torn')))
    record = load(folder)

    assert len(record.finals) == len({each.key for each in ordinary()})
    assert (record.unreadable, record.torn) == (8, True)
    assert "8 lines of outcomes.jsonl could not be read" in build(folder).read_text(encoding="utf-8")


def test_a_line_separator_inside_a_text_does_not_end_the_record(written: Writer) -> None:
    """U+2028, U+0085 and their like may stand raw in JSON: a record ends only where a line feed does."""
    record = load(written([outcome(error="a\u2028b\x85c\x0bd"), outcome(scenario="quota.next")]))

    assert (len(record.finals), record.unreadable) == (2, 0)


def test_every_attempt_is_kept_and_the_last_decides(written: Writer) -> None:
    """A pass on the confirming attempt is degraded, and the first attempt is still there."""
    record = load(written([outcome(attempt=2), outcome(attempt=1, status=Status.FAILED)]))

    assert [each.status for each in record.finals] == [Status.DEGRADED]
    assert [each.attempt for each in record.attempts["quota.limit-plus-one", "api"]] == [1, 2]


@pytest.mark.parametrize(
    "path",
    ["../../secret.png", "/etc/hostname", "evidence/link.txt", "evidence", "evidence/gone.png", "x" * 5000, "a\x00b", "evidence/race.html", "evidence/x.exe"],
)
def test_a_link_leads_only_to_safe_files_of_the_run(written: Writer, path: str) -> None:
    """Nothing outside the folder, nothing that a browser would run, nothing that is not there."""
    folder = written([])
    (folder.parent.parent / "secret.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (folder / "evidence/x.exe").write_bytes(b"MZ")
    (folder / "evidence/link.txt").symlink_to("/etc/hostname")
    (exhibit,) = Exhibition(folder).of(with_evidence(path))

    assert (exhibit.link, exhibit.picture, exhibit.command) == (None, None, None)
    assert exhibit.note


def test_a_runbook_is_linked_where_it_can_be_opened(written: Writer) -> None:
    """A document of the suite by a relative path, an address as it is, and anything else as text."""
    named = ("runbooks/mail.md#who", "https://runbooks.example/mail", "javascript:alert(1)", "../../../../etc/passwd", "runbooks/gone.md")
    folder = written([outcome(scenario=f"quota.{n}", status=Status.FAILED, runbook=each) for n, each in enumerate(named)])
    (folder.parent.parent / "launch/runbooks").mkdir(parents=True)
    (folder.parent.parent / "launch/runbooks/mail.md").write_text("# Mail", encoding="utf-8")
    page = build(folder).read_text(encoding="utf-8")

    assert 'href="../../../launch/runbooks/mail.md#who"' in page
    assert 'href="https://runbooks.example/mail"' in page
    assert 'href="javascript' not in page
    assert page.count('rel="noreferrer noopener"') == 2


def with_evidence(path: str) -> Outcome:
    return outcome(status=Status.FAILED, evidence={"trace": path})
