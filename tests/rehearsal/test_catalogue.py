"""Every fault and control declares what its layer asks for; none is edited when another is added."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fixtures import target as targets
from launch import package
from rehearsal import catalogue
from rehearsal.fault import Fault, Layer
from rehearsal.wire import rules

ROOT = Path(__file__).parents[2]
EVERY = catalogue.every()
NUMBERS = [f"F{number:02}" for number in range(1, 65) if number != 55] + [f"C{number}" for number in range(1, 9)]
"""Those of the catalogue of faults; there is no 55."""


def test_every_number_of_the_catalogue_has_its_file():
    assert {each.number for each in EVERY.values()} == set(NUMBERS)


def test_there_is_a_control_for_every_three_faults():
    controls = sum(each.control for each in EVERY.values())

    assert controls * 3 >= len(EVERY) - controls


@pytest.mark.parametrize("fault", EVERY.values(), ids=EVERY)
def test_a_fault_declares_what_its_layer_asks_for(fault: Fault):
    means = {
        Layer.APPLICATION: fault.inject or fault.act,
        Layer.WIRE: fault.rules,
        Layer.ENVIRONMENT: fault.act,
        Layer.MONITOR: fault.act or fault.instead,
    }
    assert means[fault.layer] or fault.control
    assert fault.title.endswith(".")
    assert 0 < fault.expiry <= 600
    assert fault.doses[0] == 100
    assert set(fault.surfaces) <= {"api", "browser"}
    if fault.layer is not Layer.MONITOR and not fault.control:
        assert fault.oracle, "a fault of the product without an oracle of its own"
    rules.read(list(fault.rules))


@pytest.mark.parametrize("fault", [each for each in EVERY.values() if not each.control], ids=lambda each: each.id)
def test_what_the_owner_is_told_can_be_in_time(fault: Fault):
    """The budget of runs stands for fewer minutes than the risk allows, at the cadence of the embedded target."""
    risk = package.load().risks[fault.risk]

    assert fault.runs * targets.load("embedded").cadence <= risk.detect_within


@pytest.mark.parametrize("fault", [each for each in EVERY.values() if each.layer is Layer.MONITOR], ids=lambda each: each.id)
def test_a_fault_of_the_monitor_is_never_told_to_the_owner_of_a_promise(fault: Fault):
    assert fault.expects
    assert fault.expects.owner == package.load().alerting.maintainers


def test_the_product_in_its_ordinary_start_knows_no_fault():
    """Nothing of the rehearsal is loaded with it, so that nothing can be switched on."""
    asked = "import sys; from products.cloudsuite.app import __main__, worker, web; print([name for name in sys.modules if name.startswith('rehearsal')])"
    said = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert said.strip() == "[]"
    assert not [file for file in (ROOT / "products/cloudsuite/app").rglob("*.py") if "rehearsal" in file.read_text()]


def test_faults_come_in_the_order_in_which_people_count():
    assert catalogue.order("F9") < catalogue.order("F10") < catalogue.order("F10-a") < catalogue.order("C1")
