"""What runs out on a day that is known: credentials and quarantines. The nearer the day, the worse."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from launch.vocabulary import SEVERITIES
from verdicts import wording
from verdicts.case import Case
from verdicts.rules.monitor import RISK, RUNBOOK
from verdicts.view import EXPIRING, QUARANTINED, Change, Expiring, Policy, Standing, Turn, dedup_key

FAILURE = "expiry"


def severity(remaining: float, policy: Policy) -> str:
    """Return how bad it is that something runs out in `remaining` seconds; nothing where the day is far."""
    return min((word for step, word in policy.expiry_steps if remaining <= step), key=SEVERITIES.index, default="")


def changes(case: Case, left: Collection[str] = ()) -> Iterator[Change]:
    """Yield what happens to the alerts on days that come near. They follow the calendar alone, so they neither flap nor wait for runs.

    `left` holds the scenarios whose quarantine ends with this judgement: it runs out no more.
    """
    target = case.view.target.name
    ended = {f"{QUARANTINED}/{scenario}" for scenario in set(left) - {each.scenario for each in case.quarantines}}
    listed = {each.what: each for each in case.view.expiring if each.what not in ended}
    standing = {each.scenario.removeprefix(f"{EXPIRING}/"): each for each in case.view.open if each.scenario.startswith(f"{EXPIRING}/")}
    for what in sorted({*listed, *standing}):
        each, before = listed.get(what), standing.get(what)
        if before is not None and before.opened > case.now:
            continue  # the moment is before it
        now = severity(each.at - case.now, case.policy) if each else ""
        key = dedup_key(target, f"{EXPIRING}/{what}", FAILURE)
        if before is not None and not now:
            why = f"it runs out in {wording.span(each.at - case.now)}" if each else "it is no longer in use"
            yield Change(Turn.CLOSE, key, before.scenario, FAILURE, why, alert=before.id, owner=before.owner, severity=before.severity)
        elif each is not None and now and _news(case, before, each, now):
            yield _told(case, each, before, now, key)


def _news(case: Case, before: Standing | None, each: Expiring, now: str) -> bool:
    """Tell whether somebody has to hear of it."""
    if before is None:
        return not case.silenced(f"{EXPIRING}/{each.what}")
    return SEVERITIES.index(now) < SEVERITIES.index(before.severity)


def _told(case: Case, each: Expiring, before: Standing | None, now: str, key: str) -> Change:
    left = each.at - case.now
    return Change(
        turn=Turn.SEEN if before else Turn.OPEN,
        key=key,
        scenario=f"{EXPIRING}/{each.what}",
        failure=FAILURE,
        why=f"runs out in {wording.span(left)}" if left > 0 else f"ran out {wording.span(-left)} ago",
        alert=before.id if before else None,
        title=each.title,
        owner=before.owner if before else each.owner,
        severity=now,
        risk=RISK,
        runbook=RUNBOOK,
        since=before.since if before else case.now,
        seen=case.now,
        runs=before.runs if before else 1,
        tells=before is not None,
    )
