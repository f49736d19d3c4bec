"""The page of a run: one HTML file that opens from disk, and its short form for a terminal.

It reads what a run wrote and imports nothing of what ran it. Whatever came from the target is text here: see `reports.inert`.
"""

from __future__ import annotations

from pathlib import Path

from reports.site.page import render
from reports.site.record import load


def build(run_folder: Path) -> Path:
    """Write ``report/index.html`` into the folder of a run, and return its path."""
    page = run_folder / "report" / "index.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    unfinished = page.with_suffix(".part")
    unfinished.write_text(render(load(run_folder)), encoding="utf-8")
    unfinished.replace(page)
    return page
