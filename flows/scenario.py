"""A scenario: one promise to a customer, with everything that the rest of the house needs to know about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flows.contract.driver import Offer, Surface
from flows.waiting import Budget

ATTRIBUTE = "__scenario__"

BRISK = {"provisioning": 40.0, "deletion": 40.0, "mail": 30.0}
"""Limits in seconds, by the budget's name, of a target on which the deadlines hold as they are declared."""

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Scenario:
    """What is promised. `promise` is the first line of the docstring, and the title of the alert.

    `id` is permanent: history keys on it. `owner` and `risk` are entries of ``launch/``; `severity` and `failure` are closed vocabularies
    (``launch/vocabulary.py``). `needs` is what a product must offer for the promise to apply, `unless` what a product owns up to that takes it back.
    `deadline` is in seconds, on a target no slower than `BRISK`: the supervisor ends what passes it.
    """

    id: str
    promise: str
    owner: str
    risk: str
    severity: str
    failure: str
    needs: tuple[Offer, ...]
    surfaces: tuple[Surface, ...]
    deadline: float
    unless: tuple[Offer, ...] = ()

    @property
    def journey(self) -> str:
        """Name the journey: what stands before the dot of the id."""
        return self.id.partition(".")[0]

    def within(self, budgets: Mapping[str, Budget]) -> float:
        """Return the deadline on a target with these budgets: as much longer as its limits are than those of a brisk one, never shorter."""
        return self.deadline * max([1.0, *(budget.limit / BRISK[name] for name, budget in budgets.items() if name in BRISK)])


def scenario(
    id: str,  # noqa: A002 -- the word of the trade
    *,
    owner: str,
    risk: str,
    severity: str,
    failure: str,
    needs: Sequence[Offer],
    unless: Sequence[Offer] = (),
    surfaces: Sequence[Surface] = tuple(Surface),
    deadline: float = 120.0,
) -> Callable[[F], F]:
    """Declare a test function to be a scenario. The first line of its docstring is the promise."""

    def declare(function: F) -> F:
        promise = (function.__doc__ or "").strip().partition("\n")[0]
        declared = Scenario(
            id=id,
            promise=promise,
            owner=owner,
            risk=risk,
            severity=severity,
            failure=failure,
            needs=tuple(needs),
            surfaces=tuple(surfaces),
            deadline=deadline,
            unless=tuple(unless),
        )
        setattr(function, ATTRIBUTE, declared)
        return function

    return declare
