"""The arrows of the house hold, and each contract breaks when its arrow is reversed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("cli", "fixtures", "flows", "launch", "products", "rehearsal", "reports", "synthetics", "verdicts")
PLANTED = {
    "The run: fixtures -> products -> flows": ("products/planted_up.py", "import fixtures.ledger"),
    "A scenario speaks flows, and nothing else": ("synthetics/quota/test_planted.py", "import httpx"),
    "A flow knows no protocol and no product": ("flows/planted_protocol.py", "import httpx"),
    "The reading: rehearsal -> reports -> verdicts -> launch": ("verdicts/planted_up.py", "import reports.junit"),
    "The reading never reaches the run": ("verdicts/planted_run.py", "import fixtures.ledger"),
    "The bridge: only markers, recorder, evidence, labels and target look across": ("fixtures/planted_bridge.py", "import verdicts.outcome"),
    "Products do not know each other": ("products/cloudsuite/planted_neighbour.py", "import products.jupyterhub.names"),
    "A driver knows its product only from outside": ("products/cloudsuite/api/planted_inside.py", "import products.cloudsuite.app.clock"),
    "The embedded product is a tenant: it knows nothing of the house": ("products/cloudsuite/app/planted_house.py", "import flows.naming"),
    "A rehearsal stands outside the run: it uses neither scenarios nor drivers, and the run cannot know of it": (
        "rehearsal/planted_run.py",
        "import fixtures.ledger",
    ),
    "No arrow points to the rehearsal": ("reports/planted_rehearsal.py", "import rehearsal.board"),
    "Nobody imports the command": ("launch/planted_command.py", "import cli.main"),
}


def judged(folder: Path) -> tuple[dict[str, str], str]:
    """Return KEPT or BROKEN for each contract of a tree, and all that was said."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    said = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin", "COLUMNS": "300"}
    )
    text = said.stdout + said.stderr
    return dict(re.findall(r"^(.+?) (KEPT|BROKEN)\b", text, re.MULTILINE)), text


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], str]:
    """Judge a copy of the tree in which each arrow is reversed once."""
    folder = tmp_path_factory.mktemp("planted")
    for room in ROOMS:
        shutil.copytree(
            ROOT / room,
            folder / room,
            ignore=lambda at, names: [name for name in names if not (name.endswith(".py") or (Path(at) / name).is_dir()) or name == "__pycache__"],
        )
    shutil.copy2(ROOT / "pyproject.toml", folder)
    for place, line in PLANTED.values():
        (folder / place).write_text(line + "\n")
    return judged(folder)


def test_every_contract_holds() -> None:
    """The tree as it is keeps every contract."""
    verdicts, said = judged(ROOT)

    assert set(verdicts.values()) == {"KEPT"}, said


def test_every_contract_has_a_violation_planted() -> None:
    """A contract that is added is proven here too."""
    assert set(judged(ROOT)[0]) == set(PLANTED)


@pytest.mark.parametrize("contract", PLANTED)
def test_a_reversed_arrow_breaks_its_contract(contract: str, planted: tuple[dict[str, str], str]) -> None:
    """The planted import breaks the contract, which names it."""
    verdicts, said = planted
    told = said.partition("Broken contracts")[2].partition(contract)[2]
    told = re.split("|".join(map(re.escape, set(PLANTED) - {contract})), told)[0]
    place, line = PLANTED[contract]

    assert verdicts[contract] == "BROKEN"
    assert f"{place.removesuffix('.py').replace('/', '.')} -> {line.removeprefix('import ')}" in told, told
