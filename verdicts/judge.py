"""Judgement: which alerts open, change and close, and which quarantines end. A pure function of what is known, the policy and the moment.

The rules are applied in an order that lets a cause speak before its consequences: the target as a whole, single promises, journeys, the monitor, what
is missing. Whether a cause has an alert is asked of what is open *after* this judgement, so that judging again decides nothing new. `alerts.md` is the source
of the rules; `verdicts/rules/` has one file for each kind.
"""

from __future__ import annotations

from itertools import chain

from verdicts.case import Case
from verdicts.finding import Finding, open_after, turns
from verdicts.rules import absence, burn, expiry, monitor, quarantine, scenario, whole
from verdicts.view import CANNOT_TELL, UNREACHABLE, Change, Policy, View


def judge(view: View, policy: Policy, now: float) -> list[Change]:
    """Return what is decided, in an order in which it can be carried out.

    Judging the outcome of that again, with no new run and at the same moment, decides nothing.
    """
    case = Case(view, policy, now)
    made = list(quarantine.changes(case))
    left = {change.scenario for change in made}
    case = case.leaving({change.alert for change in made if change.alert is not None}) if made else case

    down = whole.down(case)
    made += _turned(case, whole.finding(case, down))
    held = open_after(case, UNREACHABLE, whole.FAILURE, made)
    for finding in chain(scenario.findings(case), burn.findings(case)):
        made += _turned(case, finding, held=held)

    made += _turned(case, monitor.cannot_tell(case, down, known=held))
    blind = open_after(case, CANNOT_TELL, "availability", made)
    made += _turned(case, monitor.left_behind(case))
    made += _turned(case, absence.finding(case, absence.known(case, made, down=held, blind=blind)))
    return [*made, *expiry.changes(case, left)]


def _turned(case: Case, finding: Finding | None, *, held: bool = False) -> list[Change]:
    return turns(case, finding, held=held) if finding else []
