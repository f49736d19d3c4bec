"""Every fault of the wire is made of rules that can act, and has an oracle; the file says so, and nothing is found out in a drill."""

from __future__ import annotations

import pytest

from rehearsal import catalogue
from rehearsal.fault import Fault, Layer
from rehearsal.wire import rules

OF_THE_WIRE = [fault for fault in catalogue.every().values() if fault.layer is Layer.WIRE]


@pytest.mark.parametrize("fault", OF_THE_WIRE, ids=lambda fault: fault.id)
def test_a_fault_of_the_wire_has_rules_that_can_act(fault: Fault) -> None:
    """It is injected by nothing else, and ends by itself; a proxy strikes everybody who comes by it, so nobody is said to be spared."""
    assert rules.read([dict(each) for each in fault.rules])
    assert fault.inject is None
    assert fault.oracle is not None
    assert fault.expiry > 0
    assert not fault.confined


def test_there_are_faults_of_the_wire() -> None:
    """They are found by the names of their files."""
    assert {"F07", "F12", "F38", "F39", "F42", "F43", "F44", "F46", "F47", "F48", "F49", "F54"} <= {fault.id for fault in OF_THE_WIRE}
