"""What a proof rests on: the content of scenario, flow, driver, owner entry, risk entry, runbook and fault. An edit to any of them makes the proof stale."""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from launch.package import Launch
from rehearsal.assess import Mark, Verdict
from rehearsal.fault import Fault
from rehearsal.stage import Known
from verdicts.history.proofs import Proof

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Rests:
    """Where what proofs rest on is found: the launch package and its folder, the scenarios, the faults, and the folder of the product's drivers."""

    launch: Launch
    place: Path
    scenarios: Mapping[str, Known]
    faults: Mapping[str, Fault]
    product: Path
    root: Path = ROOT

    def of(self, fault: Fault) -> dict[str, str]:
        """Return the content hash (SHA-256, hexadecimal) of everything that a proof of this fault rests on, by a name that people read."""
        found: dict[str, str] = {}
        known = self.scenarios.get(fault.expects.scenario) if fault.expects else None
        if known is not None:
            file = self.root / known.file
            found[f"scenario {known.file}"] = digest(file)
            for flow in flows(file, self.root):
                found[f"flow {flow.relative_to(self.root)}"] = digest(flow)
            for surface in fault.surfaces:
                folder = self.product / surface
                if folder.is_dir():
                    found[f"driver {self.product.name}/{surface}"] = digest(folder)
        owner = self.launch.owners.get(fault.expects.owner) if fault.expects else None
        if owner is not None:
            found[f"owner {owner.id}"] = _hash(json.dumps(asdict(owner), sort_keys=True, default=str).encode())
        risk = self.launch.risks.get(fault.risk)
        if risk is not None:
            found[f"risk {risk.id}"] = _hash(json.dumps(asdict(risk), sort_keys=True, default=str).encode())
            found[f"runbook {risk.runbook}"] = digest(self.place / risk.runbook)
        module = inspect.getmodule(fault.inject or fault.oracle or fault.act or fault.instead)
        if module is not None and module.__file__:
            found[f"fault {fault.id}"] = digest(Path(module.__file__))
        return found

    def edits(self, proof: Proof) -> list[str]:
        """Return what was edited since a proof, in words; nothing where it still counts."""
        fault = self.faults.get(proof.fault)
        if fault is None:
            return [f"the fault {proof.fault} is gone"]
        now = self.of(fault)
        return (
            [f"{name} was edited" for name, hash_ in now.items() if name in proof.hashes and proof.hashes[name] != hash_]
            + [f"{name} is new" for name in now if name not in proof.hashes]
            + [f"{name} is gone" for name in proof.hashes if name not in now]
        )


def proofs(verdicts: Iterable[Verdict], rests: Rests, rehearsal: str) -> list[Proof]:
    """Return what a rehearsal shows of each risk; what it could not tell shows nothing, nor does a lower dose, nor a control."""
    return [
        Proof(
            risk=each.risk,
            fault=each.fault,
            target=each.target,
            at=each.at + each.seconds,
            build=each.build,
            verdict=each.mark.value,
            hashes=rests.of(rests.faults[each.fault]),
            rehearsal=rehearsal,
        )
        for each in verdicts
        if each.risk and not each.control and each.mark is not Mark.CANNOT_TELL and not each.lower
    ]


def digest(path: Path) -> str:
    """Return the hash of a file, or of all Python files of a folder."""
    if path.is_file():
        return _hash(path.read_bytes())
    return _hash(b"".join(str(file.relative_to(path)).encode() + b"\0" + file.read_bytes() + b"\0" for file in sorted(path.rglob("*.py"))))


def flows(scenario: Path, root: Path) -> list[Path]:
    """Return the files of `flows/` that a scenario imports, and those that these import, in order."""
    found: dict[Path, None] = {}
    waiting = [scenario]
    while waiting:
        for name in imported(waiting.pop().read_text(encoding="utf-8")):
            file = root / (name.replace(".", "/") + ".py")
            if name.startswith("flows.") and file.is_file() and file not in found:
                found[file] = None
                waiting.append(file)
    return sorted(found)


@cache
def imported(text: str) -> tuple[str, ...]:
    """Return what a module imports, and what may be a module in that; the same text is parsed once, for the many scenarios that share flows."""
    names: list[str] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{each.name}" for each in node.names)]
        elif isinstance(node, ast.Import):
            names += [each.name for each in node.names]
    return tuple(names)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
