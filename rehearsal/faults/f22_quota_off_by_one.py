"""F22: a limit is off by one: a project too many is let in, or the last one is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Probe, ok


def judged(slack: int) -> Callable[[Seams], None]:
    """Return how `slack` more projects are let in than the limit says; fewer where it is negative."""

    def inject(seams: Seams) -> None:
        """The limit stays as it is shown; only what is let in differs."""
        from products.cloudsuite.app import refusals
        from products.cloudsuite.app.domain import quotas

        @seams.instead_of(quotas, "require_room")
        def shifted(original: Any, tx: Any, workspace_id: str, dimension: Any, adding: int) -> None:
            if dimension is not quotas.Dimension.PROJECTS:
                original(tx, workspace_id, dimension, adding)
                return
            most, taken = quotas.limit(tx, workspace_id, dimension), quotas.used(tx, workspace_id, dimension)
            if most is not None and taken + adding > most + slack:
                raise refusals.quota_exceeded(dimension, most, taken, quotas.REMEDIES[dimension])

    return inject


def granted(probe: Probe) -> tuple[int, int]:
    """Ask for two projects more than the plan has; return its limit, and how many were granted. Whoever got fewer is remembered."""
    person = probe.person()
    limit = int(person.usage()["projects"]["limit"])
    answers = [ok(person.ask_project(), 202, 403).status_code for _ in range(limit + 2)]
    made = answers.count(202)
    if made < limit:
        probe.remember(person)
    return limit, made


def one_too_many(probe: Probe) -> str:
    """See whether more than the limit are granted."""
    limit, made = granted(probe)
    return f"{made} projects were granted on a plan of {limit}" if made > limit else ""


def one_too_few(probe: Probe) -> str:
    """See whether fewer than the limit are granted."""
    limit, made = granted(probe)
    return f"only {made} projects were granted on a plan of {limit}" if made < limit else ""


def is_refused_on(probe: Probe) -> str:
    """Say whether whoever was refused what the plan sells is still refused."""
    people, _ = probe.caught()
    answers = [person.ask_project().status_code for person in people]
    return next((f"after the rollback, the last project of a plan is refused with {each}" for each in answers if each != 202), "")


FAULTS = (
    Fault(
        id="F22-over",
        title="A plan lets one project too many in.",
        layer=Layer.APPLICATION,
        journey="quota",
        risk="quota-bypassed",
        expects=Expected("quota.limit-plus-one", "billing", "critical"),
        permits=("quota.last-slot-race", "quota.raised-limit", "quota.refusal-explains"),
        silent=True,
        inject=judged(+1),
        oracle=one_too_many,
    ),
    Fault(
        id="F22-under",
        title="The last project that a plan sells is refused.",
        layer=Layer.APPLICATION,
        journey="quota",
        risk="quota-wrongly-refused",
        expects=Expected("quota.last-allowed", "billing", "error"),
        permits=("quota.every-dimension", "quota.last-slot-race"),
        silent=True,
        inject=judged(-1),
        oracle=one_too_few,
        residue=is_refused_on,
    ),
)
