"""F13: a project is taken on, and never gets ready; or it fails, and its customer is left waiting."""

from __future__ import annotations

from typing import Any

from rehearsal.application.seams import Seams
from rehearsal.fault import Expected, Fault, Layer
from rehearsal.probe import Person, Probe, ok, until

STUCK = 5.0
"""Seconds after which a project counts as stuck; on the embedded product it takes less than one."""


def forget(seams: Seams) -> None:
    """The worker begins with a project, and nobody knows when it will be done."""
    from products.cloudsuite.app.domain import provisioning

    @seams.instead_of(provisioning, "_begin")
    def forgotten(original: Any, tx: Any, settings: Any, project: Any, now: float, seconds: float) -> None:
        original(tx, settings, project, now, seconds)
        tx.execute("UPDATE projects SET due_at = NULL WHERE id = ?", (project.id,))


def stays_pending(probe: Probe) -> str:
    """Ask for as many projects as the plan gives, and look whether each of them gets ready."""
    person = probe.person()
    limit = int(person.usage()["projects"]["limit"])
    asked = [str(ok(person.ask_project(), 202).json()["id"]) for _ in range(limit)]
    until(lambda: all(person.state(each) == "active" for each in asked), STUCK)
    states = {each: person.state(each) for each in asked}
    for project, state in states.items():
        if state != "active":
            probe.facts["stuck"] = (person.email, person.password, project)
            return f"a project is {state!r} {STUCK:g} s after it was asked for"
    return ""


def cannot_be_repaired(probe: Probe) -> str:
    """Do what the runbook says for those who were caught: cancel, and ask anew under the same name; say where it does not help."""
    if "stuck" not in probe.facts:
        return ""
    address, password, project = probe.facts["stuck"]
    person = Person.log_in(probe, address, password)
    name = str(ok(person.http.get(f"/api/v1/projects/{project}"), 200).json()["name"])
    if person.state(project) == "active":
        return ""
    if person.state(project) != "failed":  # the worker has not given it up by itself
        ok(person.http.post(f"/api/v1/projects/{project}/cancel"), 200)
    again = str(ok(person.ask_project(name), 202).json()["id"])
    return "" if until(lambda: person.state(again) == "active") else f"asked anew under its name, the project that was stuck is {person.state(again)!r}"


def wait_on(seams: Seams) -> None:
    """What cannot be made is not given up."""
    from products.cloudsuite.app.domain import provisioning

    @seams.instead_of(provisioning, "_fail")
    def nothing(_original: Any, _tx: Any, _settings: Any, _project: Any, _reason: str) -> None:
        return None


def never_fails(probe: Probe) -> str:
    """Ask for a project in the region where every project fails."""
    person = probe.person()
    project = str(ok(person.ask_project(region="zz-fail"), 202).json()["id"])
    if until(lambda: person.state(project) == "failed", STUCK):
        return ""
    probe.remember(person, project=project)
    return f"a project that cannot be made is {person.state(project)!r} after {STUCK:g} s"


def still_waits(probe: Probe) -> str:
    """Say whether whoever was left waiting waits on, or is not given the place back."""
    people, what = probe.caught()
    for person in people:
        if not until(lambda: person.state(what["project"]) == "failed"):  # noqa: B023 -- asked here and now
            return f"after the rollback, a project that cannot be made is {person.state(what['project'])!r}"
    return next((said for person in people if (said := person.miscounted())), "")


FAULTS = (
    Fault(
        id="F13",
        title="A project stays in preparation and never becomes ready.",
        layer=Layer.APPLICATION,
        journey="provisioning",
        risk="provisioning-stuck",
        expects=Expected("provisioning.ready-and-used", "platform", "critical"),
        permits=(
            "provisioning.cancel",
            "provisioning.every-variant",
            "provisioning.failure-costs-nothing",
            "provisioning.failure-has-reason",
            "provisioning.retry-after-failure",
            "provisioning.states-forward",
            "provisioning.views-agree",
        ),
        inject=forget,
        oracle=stays_pending,
        residue=cannot_be_repaired,
        doses=(100, 50, 25, 10),
    ),
    Fault(
        id="F13-failure",
        title="A project that cannot be made is never given up: its customer waits without end.",
        layer=Layer.APPLICATION,
        journey="provisioning",
        risk="provisioning-stuck",
        expects=Expected("provisioning.failure-has-reason", "platform", "error"),
        permits=("provisioning.failure-costs-nothing", "provisioning.retry-after-failure"),
        inject=wait_on,
        oracle=never_fails,
        residue=still_waits,
    ),
)
