"""The chain risk → scenario → fault → owner → runbook, checked both ways: whatever is on one side must be named on the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from launch.package import Launch
from rehearsal import runbook
from rehearsal.fault import Fault
from rehearsal.stage import Known

WHOLE = ("monitor.", "target.")
"""Alerts that are no scenario's: they are the judgement's own."""

CONTROLS = 3
"""At least one control for so many faults."""


@dataclass(frozen=True)
class Chain:
    """The links: the launch package and its folder, every scenario of the suite, and every fault."""

    launch: Launch
    place: Path
    scenarios: Mapping[str, Known]
    faults: Mapping[str, Fault]

    def problems(self) -> list[str]:
        """Return what does not hold, each a sentence with file, entry, what was seen and what to do."""
        return [*self._risks(), *self._scenarios(), *self._faults(), *self._runbooks()]

    def _risks(self) -> Iterator[str]:
        for risk in self.launch.risks.values():
            where = f"{self.place / 'risks.toml'}: {risk.id}"
            if not risk.owner:
                yield f"{where}.owner: saw nothing; allowed is one of {', '.join(self.launch.owners)}; say who answers for it"
            watching = sorted(each.scenario for each in self.scenarios.values() if each.risk == risk.id)
            yield from self._differ(f"{where}.scenarios", risk.scenarios, watching, "scenarios that declare this risk")
            standing = [each.id for each in self.faults.values() if each.risk == risk.id and not each.control]
            yield from self._differ(f"{where}.faults", risk.faults, standing, "faults of rehearsal/faults/ that stand for this risk")
            if not standing:
                yield f"{where}: no fault stands for it, so nobody ever saw its alarm; write one into rehearsal/faults/"
            judged = any(each.risk == risk.id and each.expects and each.expects.scenario.startswith(WHOLE) for each in self.faults.values())
            if not watching and not judged:
                yield f"{where}: no scenario watches it; write one, or take the risk off the list"

    def _differ(self, where: str, written: tuple[str, ...], true: list[str], what: str) -> Iterator[str]:
        for each in sorted(set(true) - set(written)):
            yield f"{where}: lacks '{each}', which is one of the {what}; add it"
        for each in sorted(set(written) - set(true)):
            yield f"{where}: saw '{each}'; allowed are the {what}: {', '.join(true) or 'there is none'}; take it out, or mend its spelling"

    def _scenarios(self) -> Iterator[str]:
        for each in self.scenarios.values():
            if each.risk not in self.launch.risks:
                yield f"{each.file}: {each.scenario}: saw the risk '{each.risk}'; allowed is one of {', '.join(self.launch.risks)}"
            if each.owner not in self.launch.owners:
                yield f"{each.file}: {each.scenario}: saw the owner '{each.owner}'; allowed is one of {', '.join(self.launch.owners)}"

    def _faults(self) -> Iterator[str]:
        for fault in self.faults.values():
            where = f"rehearsal/faults: {fault.id}"
            if fault.expects is None:
                continue
            if fault.risk not in self.launch.risks:
                yield f"{where}: saw the risk '{fault.risk}'; allowed is one of {', '.join(self.launch.risks)}"
            if fault.expects.owner not in self.launch.owners:
                yield f"{where}: expects an alert at '{fault.expects.owner}'; allowed is one of {', '.join(self.launch.owners)}"
            if fault.expects.scenario.startswith(WHOLE) or fault.expects.scenario.endswith(".*"):
                continue
            known = self.scenarios.get(fault.expects.scenario)
            if known is None:
                yield f"{where}: expects an alert of '{fault.expects.scenario}'; there is no such scenario; write it, or expect another"
                continue
            for what, wanted, says in (("owner", fault.expects.owner, known.owner), ("severity", fault.expects.severity, known.severity)):
                if wanted != says:
                    yield f"{where}: expects {known.scenario} with the {what} '{wanted}', and the scenario declares '{says}'; one of the two is wrong"
        controls = sum(fault.control for fault in self.faults.values())
        if controls * CONTROLS < len(self.faults) - controls:
            few = f"saw {controls} controls for {len(self.faults) - controls} faults"
            yield f"rehearsal/faults: {few}; allowed is one for every {CONTROLS}, or more; write them"

    def _runbooks(self) -> Iterator[str]:
        named = {self.place / risk.runbook for risk in self.launch.risks.values()}
        for file in sorted(named):
            try:
                phases = {each.phase for each in runbook.blocks(file)}
            except ValueError as wrong:
                yield str(wrong)
                continue
            for phase in ("diagnose", "rollback"):
                if phase not in phases:
                    yield f"{file}: has no block '```sh {phase}'; write the command that works on the product"
        for file in sorted((self.place / "runbooks").glob("*.md")):
            if file not in named:
                yield f"{file}: no risk of risks.toml leads to this runbook; name it there, or take it away"
