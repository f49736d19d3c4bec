"""The chain risk, scenario, fault, owner, runbook: each link that is missing is named, whichever side it is missing on."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from launch import package
from rehearsal.chain import Chain
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.stage import Known

RISKS = """
[lost]
symptom = "It is lost."
severity = "critical"
owner = "a"
runbook = "runbooks/lost.md"
detect_within = 900
scenarios = ["quota.kept"]
faults = ["F19"]
"""
OWNERS = '[a]\nname = "A"\ncontact = "a@example.com"\nbackup = "b"\n[b]\nname = "B"\ncontact = "b@example.com"\nbackup = "a"\n'
ALERTING = 'maintainers = "b"\nfallback = ["log"]\n[routes]\npage = ["log"]\nticket = ["log"]\nlog = []\n[channels.log]\nkind = "console"\n'
RUNBOOK = "# Lost\n\n```sh diagnose\ntrue\n```\n\n```sh rollback\n$ROLLBACK\n```\n"
KEPT = Known("quota.kept", "test_kept", "quota", "a", "critical", "lost", ("api",), "synthetics/quota/test_kept.py")
FAULT = Fault("F19", "It is lost.", Layer.APPLICATION, "quota", "lost", Expected("quota.kept", "a", "critical"))
CONTROL = Fault("C1", "Nothing.", Layer.APPLICATION, "quota")


@dataclasses.dataclass
class House:
    """A chain in which everything holds, to break."""

    folder: Path
    scenarios: dict[str, Known]
    faults: dict[str, Fault]

    def edit(self, file: str, before: str, after: str) -> None:
        text = (self.folder / file).read_text()
        assert before in text
        (self.folder / file).write_text(text.replace(before, after))

    def problems(self) -> list[str]:
        return Chain(package.load(self.folder), self.folder, self.scenarios, self.faults).problems()


@pytest.fixture
def house(tmp_path: Path) -> House:
    (tmp_path / "runbooks").mkdir()
    for name, text in {"risks.toml": RISKS, "owners.toml": OWNERS, "alerting.toml": ALERTING, "runbooks/lost.md": RUNBOOK}.items():
        (tmp_path / name).write_text(text)
    return House(tmp_path, {"quota.kept": KEPT}, {"F19": FAULT, "C1": CONTROL})


def test_a_chain_that_holds_has_no_problems(house: House):
    assert house.problems() == []


BREAKS: dict[str, tuple[Callable[[House], object], str]] = {
    "a risk names no owner": (lambda it: it.edit("risks.toml", 'owner = "a"\n', ""), "lost.owner: saw nothing"),
    "a risk does not name its scenario": (lambda it: it.edit("risks.toml", '["quota.kept"]', "[]"), "lost.scenarios: lacks 'quota.kept'"),
    "a risk names a scenario that is not its own": (lambda it: it.edit("risks.toml", '"quota.kept"', '"quota.kept", "quota.gone"'), "saw 'quota.gone'"),
    "a risk does not name its fault": (lambda it: it.edit("risks.toml", '["F19"]', "[]"), "lost.faults: lacks 'F19'"),
    "a risk names a fault that is gone": (lambda it: it.faults.pop("F19"), "no fault stands for it"),
    "nobody watches a risk": (lambda it: it.scenarios.pop("quota.kept"), "no scenario watches it"),
    "a scenario names a risk that is not there": (lambda it: it.scenarios.update(x=replace(KEPT, scenario="quota.x", risk="none")), "saw the risk 'none'"),
    "a fault names a risk that is not there": (lambda it: it.faults.update(F20=replace(FAULT, id="F20", risk="none")), "F20: saw the risk 'none'"),
    "a fault expects a scenario that is not there": (
        lambda it: it.faults.update(F19=replace(FAULT, expects=Expected("quota.gone", "a", "critical"))),
        "there is no such scenario",
    ),
    "a fault expects another owner": (lambda it: it.faults.update(F19=replace(FAULT, expects=Expected("quota.kept", "b", "critical"))), "the owner 'b'"),
    "a fault expects another severity": (lambda it: it.faults.update(F19=replace(FAULT, expects=Expected("quota.kept", "a", "error"))), "severity 'error'"),
    "there are too few controls": (lambda it: it.faults.pop("C1"), "saw 0 controls for 1 faults"),
    "a runbook cannot be rolled back by": (lambda it: it.edit("runbooks/lost.md", "sh rollback", "sh"), "has no block '```sh rollback'"),
    "a runbook's block has another word": (lambda it: it.edit("runbooks/lost.md", "sh rollback", "sh undo"), "a block is marked 'sh undo'"),
    "no risk leads to a runbook": (lambda it: shutil.copy(it.folder / "runbooks/lost.md", it.folder / "runbooks/other.md"), "no risk of risks.toml leads"),
}


@pytest.mark.parametrize(("breaks", "said"), BREAKS.values(), ids=BREAKS)
def test_each_link_that_is_missing_is_named(house: House, breaks: Callable[[House], object], said: str):
    breaks(house)

    problems = house.problems()
    assert any(said in problem for problem in problems), problems


def test_the_chain_of_this_suite_holds():
    from cli import lint

    assert lint.run(SimpleNamespace()) == 0
