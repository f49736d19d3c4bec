"""Deciding: a judgement and the messages that follow from it, written in one transaction. Telling is another program (`reports.delivery`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import pairwise

from sqlalchemy import Connection

from launch.package import Launch
from reports import routing
from reports.message import Kind, Message
from verdicts import judge
from verdicts.history import alerts, leases, outbox, runs, windows
from verdicts.history.alerts import Alert, Leg
from verdicts.history.store import History
from verdicts.view import DEFAULT, Change, Expiring, Policy, Ran, Turn, View, Watched, dedup_key

CADENCE = 300.0
"""Seconds between two runs, where a message does not know better."""

LEASE = 120.0
"""Seconds for which one judge of a target keeps the others out; a judgement takes well under one."""


class Outrun(Exception):  # noqa: N818 -- named for what happened
    """Another judge took the lease while this one was at work; nothing of its own was written."""


@dataclass(frozen=True)
class Judged:
    """What a judgement did. `changes` is None where another judge is at work on the same target."""

    target: str
    changes: tuple[Change, ...] | None
    open: tuple[Alert, ...] = ()


@dataclass(frozen=True)
class Desk:
    """Who judges: the history, the launch package, the policy, and a name that tells this process from every other."""

    history: History
    launch: Launch
    holder: str
    policy: Policy = DEFAULT
    drill: bool = False

    def judge(self, target: Watched, expiring: Iterable[Expiring], now: float) -> Judged:
        """Judge a target, and write what follows: alerts, messages, and that the runs are judged, all or nothing.

        Raises:
            Outrun: the lease was lost meanwhile.
            StoreTrouble: the history cannot be written.
        """
        name = f"judge {target.name}"
        with self.history.begin() as tx:
            fence = leases.take(tx, name, self.holder, now, LEASE)
        if fence is None:
            return Judged(target.name, None)
        with self.history.begin() as tx:
            changes = self._each(tx, target, expiring, now)
            self._escalate(tx, target, now)
            if not leases.held(tx, name, fence, now):
                raise Outrun(name)
            still = tuple(alerts.still_open(tx, target.name))
        with self.history.begin() as tx:
            leases.release(tx, name, fence, now)
        return Judged(target.name, tuple(changes), still)

    def _each(self, tx: Connection, target: Watched, expiring: Iterable[Expiring], now: float) -> list[Change]:
        """Judge each run that nobody has judged, as of its own end, then the present: what was broken between two late judgements is told too."""
        unjudged = runs.unjudged(tx, target.name)
        least = self.policy.runs_needed + len(unjudged)
        recent = runs.recent(tx, target.name, since=now - self.policy.memory, least=least)
        ends = [min(run.at, now) for run in recent if run.id in set(unjudged)]
        done: list[Change] = []
        for moment in dict.fromkeys([*sorted(ends), now]):
            seen = view(tx, target, recent, expiring, self.policy, moment)
            changes = judge.judge(seen, self.policy, moment)
            for change in changes:
                self.apply(tx, target, change, moment, now)
            done += changes
        for run in unjudged:
            runs.mark_judged(tx, run, now)
        self._mark_deploys(tx, target, recent, set(unjudged), now)
        return done

    def _mark_deploys(self, tx: Connection, target: Watched, recent: Sequence[Ran], fresh: set[str], now: float) -> None:
        """Put a mark beside the alerts where a run met another version of the product than the run before it."""
        known = [run for run in recent if run.version]
        for before, run in pairwise(known):
            if run.id not in fresh or run.version == before.version:
                continue
            key = dedup_key(target.name, "deploy", run.version)
            told = Message(
                kind=Kind.CHANGE,
                key=key,
                incident=f"{key}-{run.id}",
                title=f"{run.version} took the place of {before.version}.",
                target=target.name,
                scenario="deploy",
                failure="",
                severity="info",
                owner=target.owner,
                at=now,
                since=run.started,
                why="a run met another version of the product than the one before",
                run=run.id,
                version=run.version,
                drill=self.drill,
            )
            for leg in routing.legs(self.launch, self.launch.alerting.channels):
                put = {"channel": leg["channel"], "settings": leg["settings"], "kind": told.kind.value, "message": told.to_json(), "now": now}
                outbox.put(tx, alert=None, incident=told.incident, key=told.key, **put)

    def apply(self, tx: Connection, target: Watched, change: Change, moment: float, now: float) -> None:
        """Write one change as of `moment`, and the messages that it asks for, which are sent `now`."""
        match change.turn:
            case Turn.OPEN:
                legs = routing.route(self.launch, change.owner, change.severity)
                alert = alerts.begin(tx, target.name, change, now=moment, route=legs, drill=self.drill)
                self.tell(tx, alert, Kind.TRIGGER, now, target.cadence, change.why)
            case Turn.SEEN if change.alert is not None:
                before = alerts.find(tx, change.alert)
                alert = alerts.see(tx, change.alert, change)
                if change.tells and before is not None:
                    self._widen(tx, alert, before, now, target.cadence, change.why)
            case Turn.FLAP if change.alert is not None:
                self.tell(tx, alerts.flap(tx, change.alert), Kind.NOTICE, now, target.cadence, change.why)
            case Turn.CLOSE if change.alert is not None:
                self.tell(tx, alerts.close(tx, change.alert, now=moment, run=change.run, why=change.why), Kind.RESOLVE, now, target.cadence, change.why)
            case Turn.LEAVE_QUARANTINE if change.alert is not None:
                windows.end_quarantine(tx, change.alert, now, change.why)
            case _:
                msg = f"a change without the alert that it concerns: {change}"
                raise ValueError(msg)

    def _widen(self, tx: Connection, alert: Alert, before: Alert, now: float, cadence: float, why: str) -> None:
        """Tell of a change for the worse; who was not told so far, because the severity did not ask for it, is told that the alert is open."""
        legs = routing.route(self.launch, alert.owner, alert.severity) if alert.severity != before.severity else ()
        new = [leg for leg in legs if leg["channel"] not in {each["channel"] for each in alert.route}]
        self.tell(tx, alert, Kind.UPDATE, now, cadence, why)
        if new:
            alert = alerts.reroute(tx, alert.id, routing.joined(alert.route, new))
            self.tell(tx, alert, Kind.TRIGGER, now, cadence, why, only=new)

    def _escalate(self, tx: Connection, target: Watched, now: float) -> None:
        for alert in alerts.still_open(tx, target.name):
            above = routing.next_in_line(self.launch, alert, now)
            if above is None:
                continue
            legs = routing.route(self.launch, above.id, alert.severity)
            raised = alerts.escalate(tx, alert.id, level=alert.level + 1, route=routing.joined(alert.route, legs))
            why = f"nobody acknowledged it in {(now - alert.opened) / 60:.0f} min; {above.name} is told too"
            self.tell(tx, raised, Kind.ESCALATE, now, target.cadence, why, only=legs)

    def acknowledge(self, tx: Connection, alert: int, by: str, now: float) -> Alert:
        """Write down that somebody has taken an alert, and tell those who were told of it."""
        taken = alerts.acknowledge(tx, alert, by=by, now=now)
        self.tell(tx, taken, Kind.ACKNOWLEDGE, now, CADENCE, f"taken by {by}")
        return taken

    def tell(self, tx: Connection, alert: Alert, kind: Kind, now: float, cadence: float, why: str, only: Sequence[Leg] | None = None) -> None:
        """Put a message about an alert into the outbox, once for each leg of its route, or for those of `only`."""
        enqueue(tx, self.launch, alert, kind, now=now, cadence=cadence, why=why, only=only)


def enqueue(
    tx: Connection, launch: Launch, alert: Alert, kind: Kind, *, now: float, why: str, cadence: float = CADENCE, only: Sequence[Leg] | None = None
) -> None:
    """Put a message about an alert into the outbox, once for each leg of its route, or for those of `only`."""
    told = about(alert, launch, kind, now, cadence, why).to_json()
    for leg in alert.route if only is None else only:
        outbox.put(
            tx,
            alert=alert.id,
            incident=alert.incident,
            key=alert.key,
            channel=leg["channel"],
            settings=leg["settings"],
            kind=kind.value,
            message=told,
            now=now,
        )


def view(tx: Connection, target: Watched, recent: Iterable[Ran], expiring: Iterable[Expiring], policy: Policy, now: float) -> View:
    """Return what a judgement of this target looks at, of the runs that had ended by then."""
    asleep = windows.quarantines(tx, now)
    ending = [
        Expiring(what=f"quarantine/{each.scenario}", at=each.expires, owner=each.owner, title=f"{each.scenario} is mended before its quarantine ends.")
        for each in asleep
        if fnmatchcase(target.name, each.target)
    ]
    return View(
        target=target,
        runs=tuple(run for run in recent if run.at <= now),
        open=tuple(each.standing for each in alerts.still_open(tx, target.name)),
        closed=tuple(each.standing for each in alerts.closed_since(tx, now - policy.memory, target.name)),
        silences=windows.silences(tx, now),
        quarantines=asleep,
        expiring=(*expiring, *ending),
    )


def about(alert: Alert, launch: Launch, kind: Kind, now: float, cadence: float, why: str) -> Message:
    """Return the message about an alert as it stands."""
    owner = launch.owners.get(alert.owner)
    places = {
        "run": alert.closed_by or alert.opened_by,
        "target": alert.target,
        "scenario": alert.scenario,
        "surface": next(iter(alert.surfaces), ""),
        "runbook": alert.runbook.removeprefix("launch/"),
        "trace_id": alert.trace_id,
    }
    return Message(
        kind=kind,
        key=alert.key,
        incident=alert.incident,
        title=alert.title,
        target=alert.target,
        scenario=alert.scenario,
        failure=alert.failure,
        severity=alert.severity,
        owner=alert.owner,
        owner_name=owner.name if owner else "",
        at=now,
        since=alert.since,
        ended=alert.closed or 0.0,
        runs=alert.runs,
        why=why,
        error=alert.error,
        states=alert.states,
        surfaces=alert.surfaces,
        locations=alert.locations,
        risk=alert.risk,
        runbook=launch.alerting.link("runbook", **places) if alert.runbook else "",
        evidence=launch.alerting.link("evidence", **{**places, "run": alert.evidence.partition("/")[0] or places["run"]}) if places["run"] else "",
        dashboard=launch.alerting.link("dashboard", **places),
        trace_id=alert.trace_id,
        run=places["run"],
        cadence=cadence,
        drill=alert.drill,
    )
