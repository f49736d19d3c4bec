"""A run in a few lines of Markdown that also read well in a terminal: for the last words of a run, and for the summary of a CI job."""

from __future__ import annotations

from pathlib import Path

from reports.inert import code_span
from reports.site import standing
from reports.site.record import Record, load
from reports.wording import dated, lasting
from verdicts.outcome import Outcome, Status

_LISTED = 50


def summarise(run_folder: Path) -> str:
    """Return counts by status, and what failed with its owner and its error in one line. Text from the target stands in code spans, where it is inert."""
    record = load(run_folder)
    stands = standing.standing(record)
    run = record.run
    product = f"{code_span(run.product or 'unknown product')} {code_span(run.version or 'version unknown')}"
    counts = [f"{standing.LOOKS[status].symbol} {number} {standing.LOOKS[status].word}" for status, number in standing.tally(record).items()]
    lines = [
        f"## {stands.symbol} {stands.headline}",
        "",
        f"{code_span(run.target or 'unknown target')}, {product}, {dated(run.started)}, {lasting(run.seconds)}, run {code_span(run.name)}",
        "",
        " · ".join(counts) or "nothing on record",
    ]
    if run.exit_reason:
        lines += ["", code_span(run.exit_reason)]
    if stands.doubts:
        lines += ["", *(f"- {doubt}" for doubt in stands.doubts)]
    for status in standing.NEEDS_A_LOOK:
        lines += _listed(record, status)
    if record.absent:
        lines += _section(f"? {len(record.absent)} absent", [f"- {code_span(each.scenario)} {code_span(each.surface)}" for each in record.absent])
    if record.left_behind:
        lines += ["", f"{standing.counted(len(record.left_behind), 'thing')} left behind."]
    return "\n".join(lines) + "\n"


def _listed(record: Record, status: Status) -> list[str]:
    found = [each for each in record.finals if each.status is status]
    look = standing.LOOKS[status]
    return _section(f"{look.symbol} {len(found)} {look.word}", [_line(record, each) for each in sorted(found, key=lambda each: each.key)]) if found else []


def _section(title: str, items: list[str]) -> list[str]:
    more = [f"- and {len(items) - _LISTED} more"] if len(items) > _LISTED else []
    return ["", f"### {title}", "", *items[:_LISTED], *more]


def _line(record: Record, outcome: Outcome) -> str:
    why = (
        outcome.error
        or "; ".join(outcome.slow)
        or next((f"at first: {each.error}" for each in record.attempts[outcome.key] if each.error), "no reason on record")
    )
    return f"- {code_span(outcome.scenario)} {code_span(outcome.surface)}, owner {code_span(outcome.owner)}, {code_span(outcome.severity)}: {code_span(why)}"
