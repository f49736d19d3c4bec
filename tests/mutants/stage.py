"""The stage: a mutant is served, scenarios run against it through the real chain, and their outcomes are read."""

from __future__ import annotations

import functools
import importlib
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from cli.supervisor import Supervisor
from fixtures import live as lives
from fixtures import markers, runs
from fixtures import target as targets
from fixtures.live import Live
from fixtures.runs import Run
from fixtures.target import ROOT, Target
from flows.contract.driver import Surface
from flows.scenario import ATTRIBUTE, Scenario
from products.cloudsuite import serve
from tests.mutants.launch import PRODUCT
from tests.mutants.mutant import Mutant
from verdicts.outcome import Outcome, read

TARGET = "embedded"
LANES = 24
DEADLINE = 300.0
"""Seconds for the scenarios of one mutant."""


@functools.cache
def scenarios() -> dict[str, str]:
    """Return the file of each scenario that applies to the product by API."""
    target = targets.load(TARGET)
    product, found = targets.product(target), {}
    for file in sorted((ROOT / "synthetics").glob("*/test_*.py")):
        module = importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
        for each in vars(module).values():
            declared = getattr(each, ATTRIBUTE, None)
            if isinstance(declared, Scenario) and not markers.lacks(declared, product, Surface.API, target):
                found[declared.id] = str(file.relative_to(ROOT))
    return found


def play(mutant: Mutant, folder: Path, only: Collection[str] = ()) -> list[Outcome]:
    """Run scenarios (all, or `only` these) against a mutant by API, and return what became of them."""
    record = Run(id=runs.new_id(), folder=folder)
    record.folder.mkdir(parents=True)
    target = targets.load(TARGET)
    with broken(mutant, target, record) as live:
        supervisor = Supervisor(run=record, live=live, target=target.name, lanes=(LANES, 1), until=time.monotonic() + DEADLINE, told=lambda _: None)
        supervisor.round(1, ["--surface", "api"], only=[scenarios()[name] for name in only] or None)
    outcomes = list(read(record.outcomes))
    assert {outcome.scenario for outcome in outcomes} >= set(only), f"not everything ran; see {supervisor.log}:\n{supervisor.log.read_text()[-2000:]}"
    return outcomes


@contextmanager
def broken(mutant: Mutant, target: Target, record: Run) -> Iterator[Live]:
    """Serve the target as a run does, with the mutant in the product's place."""
    start = serve.child

    def launched(module: str, *arguments: str, **options: Any) -> Any:
        return start("tests.mutants.launch", mutant.name, *arguments, **options) if module == PRODUCT else start(module, *arguments, **options)

    with mock.patch.object(serve, "child", launched), lives.serving(target, record.id, record.folder) as live:
        yield live
