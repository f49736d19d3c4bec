"""What a rehearsal leaves behind for people and programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rehearsal import figures
from rehearsal.assess import Verdict
from rehearsal.stage import Stage


def write(folder: Path, stage: Stage, verdicts: Sequence[Verdict], *, seconds: float) -> None:
    """Write ``rehearsal.json``: every verdict, and the figures."""
    told = {
        "rehearsal": stage.rehearsal,
        "target": stage.target,
        "cadence": stage.cadence,
        "seconds": seconds,
        "scenarios": sorted(stage.scenarios),
        "exit": figures.exit_code(verdicts),
        "detection": {name or "all": asdict(rate) for name, rate in figures.detection(verdicts).items()},
        "verdicts": [each.to_json() for each in verdicts],
    }
    (folder / "rehearsal.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
