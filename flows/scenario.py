"""A scenario: one promise to a customer, with everything that the rest of the house needs to know about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flows.contract.driver import Offer, Surface

ATTRIBUTE = "__scenario__"

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Scenario:
    """What is promised. `promise` is the first line of the docstring, and the title of the alert.

    `id` is permanent: history keys on it. `owner` and `risk` are entries of ``launch/``; `severity` and `failure` are closed vocabularies
    (``launch/vocabulary.py``). `needs` is what a product must offer for the promise to apply. `deadline` is in seconds: the supervisor ends what passes it.
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

    @property
    def journey(self) -> str:
        """Name the journey: what stands before the dot of the id."""
        return self.id.partition(".")[0]


def scenario(
    id: str,  # noqa: A002 -- the word of the trade
    *,
    owner: str,
    risk: str,
    severity: str,
    failure: str,
    needs: Sequence[Offer],
    surfaces: Sequence[Surface] = tuple(Surface),
    deadline: float = 120.0,
) -> Callable[[F], F]:
    """Declare a test function to be a scenario. The first line of its docstring is the promise."""

    def declare(function: F) -> F:
        promise = (function.__doc__ or "").strip().partition("\n")[0]
        declared = Scenario(
            id=id, promise=promise, owner=owner, risk=risk, severity=severity, failure=failure, needs=tuple(needs), surfaces=tuple(surfaces), deadline=deadline
        )
        setattr(function, ATTRIBUTE, declared)
        return function

    return declare
