"""A place for a run that never ran."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.reports.site.sample import Writer, head, write_run
from verdicts.outcome import Outcome


@pytest.fixture
def written(tmp_path: Path) -> Writer:
    """Write a run's folder; what else is given goes into its ``run.json``, in place of which `run` may stand."""

    def write(outcomes: Iterable[Outcome] = (), run: dict[str, Any] | None = None, **given: Any) -> Path:
        listed = list(outcomes)
        return write_run(tmp_path / "artifacts" / "20260302T093000Z-4f1c", listed, head(listed, **given) if run is None else run)

    return write
