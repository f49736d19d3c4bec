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
LANES, WINDOWS = 24, 4
DEADLINE = 300.0
"""Seconds for the scenarios of one mutant."""

SURFACES = (Surface.API, Surface.BROWSER)
"""A scenario is tried on the first of these that it applies to, where the mutant asks for no other: by API it is quicker."""


@functools.cache
def scenarios() -> dict[str, tuple[str, list[Surface]]]:
    """Return the file of each scenario that applies to the product, and the surfaces on which it does."""
    target = targets.load(TARGET)
    product, found = targets.product(target), {}
    for file in sorted((ROOT / "synthetics").glob("*/test_*.py")):
        module = importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
        for each in vars(module).values():
            declared = getattr(each, ATTRIBUTE, None)
            if not isinstance(declared, Scenario):
                continue
            able = [at for at in SURFACES if at in declared.surfaces and not markers.lacks(declared, product, at, target)]
            if able:
                found[declared.id] = (str(file.relative_to(ROOT)), able)
    return found


def play(mutant: Mutant, folder: Path, only: Collection[str] = ()) -> list[Outcome]:
    """Run scenarios (all, or `only` these) against a mutant, and return what became of them."""
    record = Run(id=runs.new_id(), folder=folder)
    record.folder.mkdir(parents=True)
    target = targets.load(TARGET)
    chosen = only or scenarios()
    with broken(mutant, target, record) as live:
        until = time.monotonic() + DEADLINE
        supervisor = Supervisor(run=record, live=live, target=target.name, lanes=(LANES, WINDOWS), until=until, told=lambda _: None)
        for surface in SURFACES:
            if files := [file for file, able in map(scenarios().__getitem__, chosen) if _tried(able, mutant) is surface]:
                supervisor.round(1, ["--surface", surface], only=files)
    outcomes = list(read(record.outcomes))
    assert {outcome.scenario for outcome in outcomes} >= set(only), f"not everything ran; see {supervisor.log}:\n{supervisor.log.read_text()[-2000:]}"
    return outcomes


def _tried(able: list[Surface], mutant: Mutant) -> Surface:
    return mutant.surface if mutant.surface in able else able[0]


@contextmanager
def broken(mutant: Mutant, target: Target, record: Run) -> Iterator[Live]:
    """Serve the target as a run does, with the mutant in the product's place."""
    start = serve.child

    def launched(module: str, *arguments: str, **options: Any) -> Any:
        return start("tests.mutants.launch", mutant.name, *arguments, **options) if module == PRODUCT else start(module, *arguments, **options)

    changed = {"child": launched, **mutant.start}
    with mock.patch.multiple(serve, **changed), lives.serving(target, record.id, record.folder) as live:
        yield live
