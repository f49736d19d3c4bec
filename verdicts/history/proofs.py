"""Proofs: a rehearsal broke something on purpose, and the right alarm went off, or did not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, RowMapping, func, select

from verdicts.history.schema import PROOFS


@dataclass(frozen=True)
class Proof:
    """What one rehearsal showed of one risk: which `fault` was injected, into which `build` of the target, and the `verdict`.

    `hashes` maps what the proof rests on to a hash of its content: it counts only for as long as that is the same.
    """

    risk: str
    fault: str
    target: str
    at: float
    build: str
    verdict: str
    hashes: Mapping[str, str]
    rehearsal: str


def add(tx: Connection, proof: Proof) -> None:
    """Write down a proof."""
    tx.execute(PROOFS.insert().values({**asdict(proof), "hashes": json.dumps(dict(proof.hashes), sort_keys=True)}))


def latest(tx: Connection, target: str) -> dict[str, Proof]:
    """Return the latest proof of each risk on a target."""
    rank = func.row_number().over(partition_by=PROOFS.c.risk, order_by=(PROOFS.c.at.desc(), PROOFS.c.id.desc()))
    ranked = select(PROOFS.c.id, rank.label("rank")).where(PROOFS.c.target == target).subquery()
    found = select(PROOFS).join(ranked, ranked.c.id == PROOFS.c.id).where(ranked.c.rank == 1).order_by(PROOFS.c.risk)
    return {row["risk"]: _proof(row) for row in tx.execute(found).mappings()}


def of_each_fault(tx: Connection, target: str) -> list[Proof]:
    """Return the latest proof of each fault of each risk on a target, in the order of risks and faults."""
    rank = func.row_number().over(partition_by=(PROOFS.c.risk, PROOFS.c.fault), order_by=(PROOFS.c.at.desc(), PROOFS.c.id.desc()))
    ranked = select(PROOFS.c.id, rank.label("rank")).where(PROOFS.c.target == target).subquery()
    found = select(PROOFS).join(ranked, ranked.c.id == PROOFS.c.id).where(ranked.c.rank == 1).order_by(PROOFS.c.risk, PROOFS.c.fault)
    return [_proof(row) for row in tx.execute(found).mappings()]


def _proof(row: RowMapping) -> Proof:
    values = {name: value for name, value in row.items() if name != "id"}
    return Proof(**{**values, "hashes": json.loads(values["hashes"])})
