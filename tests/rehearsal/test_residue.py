"""Looking for what a fault has left: the look says so while the fault is on, so that its silence after the rollback means something."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from rehearsal import catalogue
from rehearsal.board import Switch
from rehearsal.fault import Fault, Layer
from rehearsal.ground import Ground, served
from rehearsal.probe import look, until

AFTERCARE = frozenset(
    {
        "F02",
        "F05",
        "F05-invitation",
        "F11",
        "F11-pages",
        "F15",
        "F16-newcomer",
        "F17-erasure",
        "F25",
        "F25-owner",
        "F27-erasure",
        "F32-invite",
        "F35",
        "F35-revoked",
    }
)
"""Those that do for the caught what the runbook says, and see whether it helps: it does while the fault is on, too. (F02 waits for yet another mail.)"""

QUICK = frozenset({"F29"})
"""What is tried with every run of the tests; the others with ``-m mutants``."""

LOOKED_FOR = [
    pytest.param(each, id=each.id, marks=[pytest.mark.mutants, *([] if each.id in QUICK else [pytest.mark.slow])])
    for each in catalogue.every().values()
    if each.residue and each.layer is Layer.APPLICATION
]


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """A product for all of them, ready to be broken."""
    with served(tmp_path_factory.mktemp("ground")) as made:
        yield made


@pytest.mark.parametrize("fault", LOOKED_FOR)
def test_what_is_left_is_seen_while_the_fault_is_on_and_not_after(fault: Fault, ground: Ground) -> None:
    domain, facts = f"{fault.id.lower()}.residue.example.com", dict[str, object]()
    oracle, residue = fault.oracle, fault.residue
    assert oracle
    assert residue
    ground.board.put(Switch(fault.id, fault.id, time.time() + 120, domain))
    try:
        assert look(oracle, lambda: ground.probe(domain, facts=facts))[0]
        caught = facts.get("caught") or facts.get("stuck")
        on = look(residue, lambda: ground.probe(domain, facts=facts))
        assert look(oracle, lambda: ground.probe(domain, facts=facts))[0]
    finally:
        ground.board.clear(fault.id)

    assert caught, "the oracle keeps nobody whom the look could be about"
    assert any(on) is (fault.id not in AFTERCARE), f"while the fault is on, the look says {on}"
    assert until(lambda: look(oracle, lambda: ground.probe(domain)) == ("", ""))
    assert look(residue, lambda: ground.probe(domain, facts=facts)) == ("", "")
