"""Whether a run met the target at all, and whether nearly everything that it tried was broken."""

from __future__ import annotations

from dataclasses import dataclass

from verdicts.observe import Mark, Said
from verdicts.view import Policy, Ran


@dataclass(frozen=True)
class Reach:
    """A run's word on the target as a whole, and why.

    CONFIRMED: down, by many promises at once. SUSPECT: nobody was met, which one run alone may be wrong about. CLEAN: it is up. UNTOLD: the run cannot say.
    """

    mark: Mark
    why: str = ""


def reach(run: Ran, said: Said, policy: Policy, *, alone: bool = False) -> Reach:
    """Judge one run.

    The preflight is one question, so it is a suspicion. Outcomes are many questions, most of them asked twice: a whole run in which at least
    `whole_share` of what was told failed, or met nobody, with at least `whole_least` of them, is sure by itself. What was blocked behind something else
    is not told. A selection cannot speak for the whole, but it can meet nobody; and where selections are all that runs (`alone`), one that keeps every promise
    says that the target is up again, for nobody else would.
    """
    if run.unreachable:
        return Reach(Mark.SUSPECT, "the preflight met nobody, or another product")
    if not run.whole:
        well = alone and said.told and not said.broken and not said.unreached and run.state == "ended"
        return Reach(Mark.CLEAN if well else Mark.UNTOLD)
    broken, unreached, told = len(said.broken), len(said.unreached), len(said.told)
    tried, bad = told + unreached, broken + unreached
    if bad >= policy.whole_least and bad >= policy.whole_share * tried:
        met = f", {unreached} of them because nothing answered" if unreached else ""
        return Reach(Mark.CONFIRMED, f"{bad} of {tried} promises that could be tried are broken{met}")
    if unreached and not told and not said.faults:
        return Reach(Mark.SUSPECT, f"nothing answered in {unreached} of {unreached} attempts")
    return Reach(Mark.CLEAN) if told and run.state == "ended" else Reach(Mark.UNTOLD)
