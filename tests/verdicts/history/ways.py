"""Ways that lead on from today's tables, which only tests take."""

from __future__ import annotations

from pathlib import Path

from verdicts.history.steps import OURS, Steps

HERE = Path(__file__).parent
LATER = Steps("0002", (*OURS.folders, HERE / "later"))
DEADLY = Steps("0002", (*OURS.folders, HERE / "deadly"))

__all__ = ["DEADLY", "LATER", "OURS"]
