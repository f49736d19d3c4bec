"""Every scenario can fail: break what it promises in the product, and see it go red for the stated reason.

`pytest tests/mutants` tries the quick ones, `pytest tests/mutants -m mutants` all; `python -m tests.mutants.matrix` shows who else notices.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.mutants import mutant, stage
from tests.mutants.mutant import Mutant
from verdicts.outcome import Status

EVERY = mutant.every()


@pytest.mark.mutants
@pytest.mark.parametrize("broken", [pytest.param(each, id=name, marks=() if each.quick else pytest.mark.slow) for name, each in EVERY.items()])
def test_what_is_broken_is_noticed_for_the_stated_reason(broken: Mutant, tmp_path: Path) -> None:
    """A scenario whose promise is broken in the product fails, and says what is broken."""
    outcomes = stage.play(broken, tmp_path / "run", only=broken.red)

    for outcome in outcomes:
        assert outcome.status is Status.FAILED, f"{broken.name} ({broken.what}): {outcome.scenario} is {outcome.status}: {outcome.error}"
        assert re.search(broken.red[outcome.scenario], outcome.error or ""), f"{outcome.scenario} is red for another reason: {outcome.error}"


def test_every_scenario_has_a_mutant() -> None:
    """There is no scenario that was never seen red."""
    never_seen_red = set(stage.scenarios()) - {name for each in EVERY.values() for name in each.red}

    assert not never_seen_red


def test_every_mutant_names_scenarios_that_exist() -> None:
    """A mutant outlives no scenario."""
    unknown = {name for each in EVERY.values() for name in (*each.red, *each.also)} - set(stage.scenarios())

    assert not unknown
