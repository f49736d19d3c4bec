"""F23: many requests at once get past a limit that holds for one after the other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe

LAG = 0.5
"""Seconds for which what was just granted is not counted yet."""

RIVALS = 8


def inject(seams: Seams) -> None:
    """The room is judged by a count that does not know of the last half second."""
    from products.cloudsuite.app import clock, refusals
    from products.cloudsuite.app.domain import quotas

    @seams.instead_of(quotas, "require_room")
    def late(original: Any, tx: Any, workspace_id: str, dimension: Any, adding: int) -> None:
        if dimension is not quotas.Dimension.PROJECTS:
            original(tx, workspace_id, dimension, adding)
            return
        query = "SELECT count(*) FROM projects WHERE workspace_id = ? AND state IN ('requested', 'provisioning') AND created_at > ?"
        fresh = tx.execute(query, (workspace_id, clock.now() - LAG)).fetchone()[0]
        most, taken = quotas.limit(tx, workspace_id, dimension), quotas.used(tx, workspace_id, dimension)
        if most is not None and taken - fresh + adding > most:
            raise refusals.quota_exceeded(dimension, most, taken, quotas.REMEDIES[dimension])


def oracle(probe: Probe) -> str:
    """Fill a plan but for one place, and ask for it many times at once."""
    person = probe.person()
    limit = int(person.usage()["projects"]["limit"])
    for _ in range(limit - 1):
        person.project()
    with ThreadPoolExecutor(RIVALS) as pool:
        answers = list(pool.map(lambda _: person.ask_project().status_code, range(RIVALS)))
    made = limit - 1 + answers.count(202)
    if made <= limit:
        return ""
    probe.remember(person)
    return f"{RIVALS} requests at once brought {made} projects on a plan of {limit}"


FAULT = Fault(
    id="F23",
    title="Many requests at once get more projects than the plan gives.",
    layer=Layer.APPLICATION,
    journey="quota",
    risk="quota-bypassed",
    expects=Expected("quota.last-slot-race", "billing", "critical"),
    silent=True,
    inject=inject,
    oracle=oracle,
    residue=Probe.is_given_more,
    doses=(100, 50, 25, 10),
)
