"""F64: a run against another installation is labelled as this target's."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.faults.f56_runner_dead import ANY

if TYPE_CHECKING:
    from rehearsal.drill import Drill

ELSEWHERE = "https://staging.cloudsuite.example"


@contextmanager
def labelled(drill: Drill) -> Iterator[None]:
    """Take the last run's folder for one that met staging, as a CI job does that was copied and not wholly edited."""
    latest = (drill.folder / "runs" / "latest").resolve()
    copy = drill.folder / "mislabelled"
    shutil.copytree(latest, copy)
    facts = json.loads((copy / "run.json").read_text(encoding="utf-8"))
    (copy / "run.json").write_text(json.dumps({**facts, "run": f"{facts['run']}f64", "url": ELSEWHERE}), encoding="utf-8")
    yield
    shutil.rmtree(copy)


def judged(drill: Drill, phase: str) -> None:
    """Have the folder judged as this target's; otherwise run as ever."""
    if phase == "fault":
        drill.synthetics("judge", str(drill.folder / "mislabelled"), "--target", drill.stage.target)
    else:
        drill.sweep(phase, drill.tried)


FAULT = Fault(
    id="F64",
    title="A run against staging is labelled as one against this target.",
    layer=Layer.MONITOR,
    journey="quota",
    risk="monitor-blind",
    expects=Expected("monitor.cannot-tell/label", "suite", "error"),
    only=ANY,
    silent=True,
    act=labelled,
    instead=judged,
    confined=False,
    resolves=False,
)
