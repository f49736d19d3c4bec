"""`synthetics rehearse` on the embedded product: a fault is proven and can be judged again, a broken runbook is a miss, and a kill leaves nothing broken."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cli import rehearse
from launch import package
from rehearsal import events
from rehearsal.fault import Fault, Layer
from rehearsal.probe import until

ROOT = Path(__file__).parents[2]
WITHIN = 240.0


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Return an environment in which nothing is written outside of a folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "SYNTHETICS_"))}
    places = {"SYNTHETICS_ARTIFACTS": str(folder / "artifacts"), "SYNTHETICS_HISTORY": f"sqlite:///{folder / 'history.sqlite'}"}
    bin_ = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**kept, **places, "COLUMNS": "200", "PYTHONPATH": str(ROOT), "PATH": bin_, **more}


def synthetics(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    command = [sys.executable, "-m", "cli.main", *words]
    return subprocess.run(command, cwd=ROOT, env=environment(folder, **more), capture_output=True, text=True, timeout=WITHIN, check=False)


@pytest.mark.slow
def test_a_fault_is_proven_and_a_control_silent_and_the_events_alone_say_so_again(tmp_path: Path):
    done = synthetics(tmp_path, "rehearse", "--fault", "F22-over", "--fault", "C2-usage")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "proven F22-over" in done.stdout
    assert "controls 1 of 1 silent" in done.stdout
    [folder] = (tmp_path / "artifacts").glob("*/rehearsal")
    first = json.loads((folder / "rehearsal.json").read_text())
    told = {each["drill"]: [(alert["scenario"], alert["owner"]) for alert in each["told"]] for each in first["verdicts"]}
    assert ("quota.limit-plus-one", "billing") in told["F22-over"]
    assert told["C2-usage"] == []

    again = synthetics(tmp_path, "rehearse", "--again", str(folder))

    assert again.returncode == 0
    assert json.loads((folder / "rehearsal.json").read_text()) == first
    shown = json.loads(synthetics(tmp_path, "proofs", "--json").stdout)
    assert [(each["risk"], each["fault"], each["verdict"], each["edits"]) for each in shown["proofs"]] == [("quota-bypassed", "F22-over", "proven", [])]


@pytest.mark.slow
def test_a_runbook_whose_command_fails_is_a_miss(tmp_path: Path):
    launch = tmp_path / "launch"
    shutil.copytree(package.FOLDER, launch)
    book = launch / "runbooks/quota.md"
    book.write_text(book.read_text().replace("```sh diagnose\n", "```sh diagnose\nfalse\n", 1))

    done = synthetics(tmp_path, "rehearse", "--fault", "F22-over", SYNTHETICS_LAUNCH=str(launch))

    assert done.returncode == 1, done.stdout + done.stderr
    assert "no runbook: commands of the runbook failed: diagnose (exit 1)" in done.stdout


def product_of(folder: Path) -> list[int]:
    """Return the processes of the product of a rehearsal below this folder."""
    found = []
    for place in Path("/proc").iterdir():
        try:
            words = (place / "cmdline").read_bytes().decode(errors="replace") if place.name.isdigit() else ""
        except OSError:
            continue
        if "rehearsal.application" in words and str(folder) in words:
            found.append(int(place.name))
    return found


@pytest.mark.slow
def test_a_rehearsal_that_is_killed_leaves_nothing_frozen_behind(tmp_path: Path):
    """The product's process is stopped by the fault; the watchdog lets it go on, and it ends with whoever started it."""
    command = [sys.executable, "-m", "cli.main", "rehearse", "--fault", "F40-frozen"]
    log = (tmp_path / "log").open("w")
    with subprocess.Popen(command, cwd=ROOT, env=environment(tmp_path), stdout=log, stderr=log, start_new_session=True) as rehearsal:

        def frozen() -> bool:
            files = list((tmp_path / "artifacts").glob("*/rehearsal/drills/F40-frozen/events.jsonl"))
            return any(each["event"] == "live" for file in files for each in events.read(file))

        assert until(frozen, 120), (tmp_path / "log").read_text()
        assert product_of(tmp_path)
        rehearsal.send_signal(signal.SIGKILL)

    assert until(lambda: not product_of(tmp_path), 30)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--fault", "F99"], "--fault: saw 'F99'; allowed is one of F01"),
        (["--journey", "holiday"], "no fault is left of what was asked for on 'embedded'"),
        (["--target", "jupyterhub", "--layer", "A"], "no fault is left"),
        (["--again", "/nowhere"], "saw no drills/*/events.jsonl"),
    ],
)
def test_what_cannot_be_rehearsed_is_one_message(tmp_path: Path, words: list[str], said: str):
    done = synthetics(tmp_path, "rehearse", *words)

    assert done.returncode == 2
    assert said in done.stderr


PRODUCTION = """
[prod]
product = "cloudsuite"
url = "https://app.example.com"
owner = "operators"
mailbox = "folder:mail"
mail_domain = "people.example.com"
rehearse = {armed}
"""


@pytest.mark.parametrize(
    ("armed", "said"),
    [
        ("[]", "prod.rehearse: saw []; allowed is a list of the layers that may be broken on this target, with 'W' in it"),
        ('["M"]', "prod.rehearse: saw ['M']; allowed"),
        ('["W"]', "saw a product that others may use, and nobody at the terminal; allowed is a person who confirms"),
        ('["X"]', "prod.rehearse: saw ['X']; allowed is a list of strings out of A, W, E, M"),
    ],
)
def test_production_is_refused_unless_it_is_armed_for_the_layer_and_a_person_confirms(tmp_path: Path, armed: str, said: str):
    file = tmp_path / "targets.toml"
    file.write_text(PRODUCTION.format(armed=armed))

    done = synthetics(tmp_path, "rehearse", "--target", "prod", "--fault", "F42", SYNTHETICS_TARGETS=str(file))

    assert done.returncode == 2
    assert said in done.stderr
    assert not (tmp_path / "artifacts").exists()


def test_what_weighs_more_is_spread_among_the_other_drills() -> None:
    """No two drills with a product of their own follow each other, and those with a browser begin late; every drill has its turn, once."""
    faults = [Fault(f"F{each}", "", Layer.APPLICATION, "") for each in range(40)]
    faults += [Fault(f"O{each}", "", Layer.ENVIRONMENT, "", exclusive=True) for each in range(8)]
    faults += [Fault(f"B{each}", "", Layer.APPLICATION, "", surfaces=("browser",)) for each in range(8)]
    drills: list[Any] = [SimpleNamespace(fault=each) for each in faults]
    turns = [each.fault.id[0] for each in rehearse.spread(drills)]
    assert Counter(turns) == {"F": 40, "O": 8, "B": 8}
    assert not any(one == other == "O" for one, other in pairwise(turns))
    assert turns.index("B") > len(turns) / 4
