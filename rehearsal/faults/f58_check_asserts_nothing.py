"""F58: a scenario is skipped, or tries nothing any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from rehearsal.fault import Expected, Fault, Layer
from rehearsal.faults.f56_runner_dead import ANY
from rehearsal.ground import ROOT

if TYPE_CHECKING:
    from rehearsal.drill import Drill

PLUGIN = "edited_by_somebody"
SCENARIO = "quota.limit-plus-one"
SKIPPED = """
import pytest

def pytest_collection_modifyitems(items):
    for item in items:
        if item.originalname == {function!r}:
            item.add_marker(pytest.mark.skip(reason="later"))
"""
EMPTIED = """
import functools

def pytest_collection_modifyitems(items):
    for item in items:
        if item.originalname == {function!r}:
            item.obj = functools.wraps(item.obj)(lambda **given: None)
"""


def edited(text: str) -> Callable[[Drill], AbstractContextManager[None]]:
    """Return an act that edits a scenario as somebody may who is in a hurry; it is done by a plugin of pytest, so that no file changes."""

    @contextmanager
    def act(drill: Drill) -> Iterator[None]:
        folder = drill.folder / "edited"
        folder.mkdir(exist_ok=True)
        (folder / f"{PLUGIN}.py").write_text(text.format(function=drill.stage.scenarios[SCENARIO].function), encoding="utf-8")
        drill.environment |= {"PYTEST_PLUGINS": PLUGIN, "PYTHONPATH": f"{ROOT}:{folder}"}
        try:
            yield
        finally:
            del drill.environment["PYTEST_PLUGINS"], drill.environment["PYTHONPATH"]

    return act


def variant(name: str, title: str, text: str) -> Fault:
    """Return one of the two."""
    return Fault(
        id=f"F58-{name}",
        title=title,
        layer=Layer.MONITOR,
        journey="quota",
        risk="monitor-blind",
        expects=Expected("monitor.cannot-tell", "suite", "error"),
        silent=True,
        only=(SCENARIO, *ANY),
        act=edited(text),
        confined=False,
        whole=True,
        runs=2,
    )


FAULTS = (
    variant("skipped", "Somebody marks a scenario to be skipped.", SKIPPED),
    variant("empty", "Somebody takes everything out of a scenario, which passes from then on.", EMPTIED),
)
